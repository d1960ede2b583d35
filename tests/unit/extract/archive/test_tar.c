#include "tests/unit/extract/archive/sample.h"

#include "extract/archive/tar.h"

static void
a_header_is_told_by_its_sum(void **state)
{
	struct span s = sample("archive/v7.tar");
	uint8_t block[TAR_BLOCK] = {0};

	(void)state;
	assert_true(tar_header(s));
	assert_false(tar_header(span_of(s.ptr, TAR_BLOCK - 1)));
	assert_false(tar_header(span_of(block, sizeof(block))));
	memcpy(block, s.ptr, sizeof(block));
	block[5]++;
	assert_false(tar_header(span_of(block, sizeof(block))));
	block[5]--;
	block[0] = 0;
	assert_false(tar_header(span_of(block, sizeof(block))));
	free_span(s);
}

static void
archives_one_behind_the_other_are_read(void **state)
{
	struct span one = sample("archive/ustar.tar"),
		    two = sample("archive/gnu.tar");
	struct buf b;

	(void)state;
	buf_init(&b, 1u << 20);
	assert_int_equal(buf_add(&b, one.ptr, one.len), ST_OK);
	assert_int_equal(buf_add_str(&b, "between the two"), ST_OK);
	while (b.len % TAR_BLOCK != 0)
		assert_int_equal(buf_add_byte(&b, 0), ST_OK);
	assert_int_equal(buf_add(&b, two.ptr, two.len), ST_OK);
	for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
		struct collect *c = collect_run(buf_span(&b), way, NULL);

		assert_text(c, "a.txt", span_str(CARD CARD));
		assert_has(c, "", "between the two");
		assert_int_equal(c->result.members, 4);
		assert_int_equal(c->result.coverage, COVERAGE_FULL);
		collect_free(c);
	}
	buf_fini(&b);
	free_span(one);
	free_span(two);
}

/* Each byte in turn: what is not damaged is still found. */
static void
damage_costs_the_member_it_hits(void **state)
{
	struct span s = sample("archive/ustar.tar");
	uint8_t *bad = malloc(s.len);

	(void)state;
	memcpy(bad, s.ptr, s.len);
	for (size_t i = 0; i < 1024; i += 7) {
		struct collect *c;

		bad[i] ^= 0x15;
		c = collect_run(span_of(bad, s.len), AS_STREAM, NULL);
		if (i >= TAR_BLOCK) /* else it begins like no archive */
			assert_text(c, "b.txt", span_str(PLAIN));
		else if (collect_text(c, "b.txt").ptr == NULL)
			assert_has(c, "", PLAIN);
		collect_free(c);
		bad[i] ^= 0x15;
	}
	free(bad);
	free_span(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_header_is_told_by_its_sum),
	    cmocka_unit_test(archives_one_behind_the_other_are_read),
	    cmocka_unit_test(damage_costs_the_member_it_hits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
