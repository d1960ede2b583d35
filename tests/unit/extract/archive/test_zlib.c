#include "tests/unit/extract/archive/make.h"

/* Two bytes of head, deflate, four bytes that nobody looks at. */
static void
stream(struct buf *b, unsigned second, struct span content)
{
	buf_init(b, 1u << 24);
	put_le(b, 0x78, 1);
	put_le(b, second, 1);
	put_deflated(b, content);
	put_le(b, 0x12345678, 4);
}

static void
a_stream_is_unpacked_and_what_follows_it_is_read(void **state)
{
	static const unsigned seconds[] = {0x01, 0x5e, 0x9c, 0xda};
	struct span s = some_text(300000, 5);

	(void)state;
	for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++)
		for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
			struct collect *c;
			struct buf b;

			stream(&b, seconds[i], s);
			put_bytes(&b, span_str("behind"));
			c = collect_run(buf_span(&b), way, NULL);
			assert_text(c, "zlib", s);
			assert_text(c, "", span_str("behind"));
			assert_int_equal(c->result.coverage, COVERAGE_FULL);
			collect_free(c);
			buf_fini(&b);
		}
	free_span(s);
}

static void
what_only_begins_like_one_is_read_as_bytes(void **state)
{
	static const char *const texts[] = {
	    "x^2 + y^2 = z^2, says the book\n",
	    "x\x9c\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	    "x\x01\x07\x07\x07\x07\x07\x07\x07\x07\x07",
	    "x\x01",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct span s = span_str(texts[i]);
		struct collect *c = collect_run(s, IN_MEMORY, NULL);

		assert_null(collect_text(c, "zlib").ptr);
		assert_non_null(collect_text(c, "").ptr);
		assert_int_equal(c->result.coverage, COVERAGE_FULL);
		collect_free(c);
	}
}

static void
one_that_is_cut_gives_what_there_is_and_says_so(void **state)
{
	struct span s = some_text(300000, 6);
	struct collect *c;
	struct buf b;

	(void)state;
	stream(&b, 0x9c, s);
	c = collect_run(span_of(b.data, b.len / 2), IN_MEMORY, NULL);
	assert_true(collect_text(c, "zlib").len > 1000);
	assert_int_equal(c->note_count, 1);
	assert_int_equal(c->notes[0].why, COVER_TRUNCATED);
	collect_free(c);
	buf_fini(&b);
	free_span(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_stream_is_unpacked_and_what_follows_it_is_read),
	    cmocka_unit_test(what_only_begins_like_one_is_read_as_bytes),
	    cmocka_unit_test(one_that_is_cut_gives_what_there_is_and_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
