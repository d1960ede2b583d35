#include "tests/unit/extract/archive/make.h"
#include "tests/unit/extract/archive/sample.h"

#include "extract/archive/inflate64.h"

/* All of a stream, `step` bytes at a time; how it ended. */
static enum status
unpack(struct span s, uint64_t limit, size_t step, struct buf *to,
       uint64_t *used)
{
	struct inflate64 *f = inflate64_new();
	enum status st = ST_OK;
	uint8_t some[1000];
	struct part p;
	size_t got = step;

	assert_non_null(f);
	part_memory(&p, s);
	inflate64_start(f, &p, limit);
	while (st == ST_OK && got == step) {
		st = inflate64_read(f, some, step, &got);
		assert_int_equal(buf_add(to, some, got), ST_OK);
	}
	*used = p.pos;
	inflate64_free(f);
	return st;
}

static void
a_stream_of_every_kind_of_block_is_unpacked_to_the_byte(void **state)
{
	static const struct {
		const char *file, *want;
		size_t times;
	} cases[] = {
	    {"inflate64/dynamic", CARD, 40},
	    {"inflate64/fixed", "hello hello hello card 4111 1111 1111 1111",
	     1},
	    {"inflate64/stored", "hello stored", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span s = sample(cases[i].file);
		size_t len = strlen(cases[i].want);

		for (size_t step = 1; step <= 1000; step += 333) {
			struct buf in, out;
			uint64_t used;

			buf_init(&in, 10000);
			buf_init(&out, 10000);
			assert_int_equal(buf_add(&in, s.ptr, s.len), ST_OK);
			assert_int_equal(buf_add_str(&in, "behind"), ST_OK);
			assert_int_equal(unpack(buf_span(&in), UINT64_MAX, step,
						&out, &used),
					 ST_OK);
			assert_int_equal(used, s.len);
			assert_int_equal(out.len, len * cases[i].times);
			for (size_t k = 0; k < out.len; k += len)
				assert_memory_equal(out.data + k, cases[i].want,
						    len);
			buf_fini(&in);
			buf_fini(&out);
		}
		free_span(s);
	}
}

/* It differs from deflate only in copies of 258 bytes and from far behind. */
static void
text_that_was_deflated_reads_the_same(void **state)
{
	struct span s = some_text(300000, 7);
	struct buf in, out;
	uint64_t used;

	(void)state;
	buf_init(&in, 1u << 20);
	buf_init(&out, 1u << 20);
	put_deflated(&in, s);
	assert_int_equal(unpack(buf_span(&in), UINT64_MAX, 1000, &out, &used),
			 ST_OK);
	assert_int_equal(out.len, s.len);
	assert_memory_equal(out.data, s.ptr, s.len);
	buf_fini(&in);
	buf_fini(&out);
	free_span(s);
}

static void
a_cut_stream_is_closed_and_gives_what_came(void **state)
{
	struct span s = sample("inflate64/dynamic");

	(void)state;
	for (size_t n = 0; n < s.len; n++) {
		struct buf out;
		uint64_t used;

		buf_init(&out, 10000);
		assert_int_equal(unpack(s, n, 100, &out, &used), ST_CLOSED);
		assert_true(used <= n);
		assert_true(out.len <= 40 * strlen(CARD));
		buf_fini(&out);
	}
	free_span(s);
}

static void
damage_ends_it(void **state)
{
	struct span s = sample("inflate64/dynamic");
	uint8_t *bad = malloc(s.len);
	unsigned malformed = 0;

	(void)state;
	memcpy(bad, s.ptr, s.len);
	for (size_t i = 0; i < 8 * s.len; i++) {
		struct buf out;
		uint64_t used;

		bad[i / 8] ^= (uint8_t)(1u << i % 8);
		buf_init(&out, 1u << 24);
		malformed += unpack(span_of(bad, s.len), UINT64_MAX, 1000, &out,
				    &used) == ST_MALFORMED;
		assert_true(used <= s.len);
		buf_fini(&out);
		bad[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	assert_true(malformed > s.len / 2);
	free(bad);
	free_span(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_stream_of_every_kind_of_block_is_unpacked_to_the_byte),
	    cmocka_unit_test(text_that_was_deflated_reads_the_same),
	    cmocka_unit_test(a_cut_stream_is_closed_and_gives_what_came),
	    cmocka_unit_test(damage_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
