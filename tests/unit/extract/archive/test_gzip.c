#include "tests/unit/extract/archive/make.h"

static void
gzip_is_unpacked_under_the_name_in_its_header(void **state)
{
	struct span s = some_text(2500000, 5);
	struct buf b;

	(void)state;
	buf_init(&b, 1u << 24);
	put_gzip(&b, s, "log.txt");
	for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
		struct collect *c = collect_run(buf_span(&b), way, NULL);

		assert_text(c, "log.txt", s);
		assert_int_equal(c->result.coverage, COVERAGE_FULL);
		assert_int_equal(c->result.members, 1);
		collect_free(c);
	}
	buf_fini(&b);
	free_span(s);
}

static void
members_behind_each_other_are_one_text(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1u << 20);
	put_gzip(&b, span_str("4111 1111 "), NULL);
	put_gzip(&b, span_str(""), NULL);
	put_gzip(&b, span_str("1111 1111\n"), "second");
	for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
		struct collect *c = collect_run(buf_span(&b), way, NULL);

		assert_text(c, "gzip", span_str("4111 1111 1111 1111\n"));
		assert_int_equal(c->result.coverage, COVERAGE_FULL);
		collect_free(c);
	}
	buf_fini(&b);
}

static void
what_follows_the_last_member_is_read_too(void **state)
{
	struct buf b;
	struct collect *c;

	(void)state;
	buf_init(&b, 1u << 20);
	put_gzip(&b, span_str("inside"), NULL);
	put_le(&b, 0, 8);
	put_bytes(&b, span_str("behind"));
	c = collect_run(buf_span(&b), BY_PREAD, NULL);
	assert_text(c, "gzip", span_str("inside"));
	assert_text(c, "", span_str("behind"));
	assert_int_equal(collect_text(c, "").len, 6);
	assert_int_equal(c->places[1].origin, b.len - 6);
	collect_free(c);
	buf_fini(&b);
}

static void
a_cut_stream_gives_what_came_before_the_cut(void **state)
{
	struct span s = some_text(500000, 9), whole;
	struct buf b;

	(void)state;
	buf_init(&b, 1u << 20);
	put_gzip(&b, s, NULL);
	whole = buf_span(&b);
	for (size_t cut = 12; cut < whole.len; cut += 6007) {
		struct collect *c =
		    collect_run(span_of(whole.ptr, cut), BY_PREAD, NULL);
		struct span got = collect_text(c, "gzip");

		assert_true(got.len < s.len ||
			    cut + 8 >= whole.len); /* only its sum is cut */
		if (got.len > 0)
			assert_memory_equal(got.ptr, s.ptr, got.len);
		assert_true(has_note(c, "gzip", COVER_TRUNCATED));
		assert_int_not_equal(c->result.coverage, COVERAGE_FULL);
		collect_free(c);
	}
	buf_fini(&b);
	free_span(s);
}

static void
a_wrong_checksum_is_noted_and_the_text_still_read(void **state)
{
	struct buf b;
	struct collect *c;

	(void)state;
	buf_init(&b, 1u << 20);
	put_gzip(&b, span_str("some text"), NULL);
	b.data[b.len - 6] ^= 1;
	c = collect_run(buf_span(&b), IN_MEMORY, NULL);
	assert_text(c, "gzip", span_str("some text"));
	assert_true(has_note(c, "gzip", COVER_MALFORMED));
	assert_int_equal(c->result.coverage, COVERAGE_PARTIAL);
	collect_free(c);
	buf_fini(&b);
}

static void
a_bomb_stops_at_the_ratio(void **state)
{
	struct span zeros = span_of(calloc(1, 200u << 20), 200u << 20);
	struct extract_options options;
	struct buf b, twice;
	struct collect *c;

	(void)state;
	buf_init(&b, 1u << 29);
	buf_init(&twice, 1u << 24);
	put_gzip(&b, zeros, NULL);
	put_gzip(&twice, buf_span(&b), NULL);
	extract_options_default(&options);
	c = collect_run(buf_span(&twice), BY_PREAD, &options);
	assert_int_equal(c->result.reason, COVER_RATIO);
	assert_int_equal(c->result.coverage, COVERAGE_PARTIAL);
	collect_free(c);
	buf_fini(&b);
	buf_fini(&twice);
	free_span(zeros);
}

/* One member whose header has what few writers put there. */
static void
put_full_header(struct buf *b, unsigned flags, struct span content)
{
	size_t at = b->len;

	put_le(b, 0x088b1f, 3);
	put_le(b, flags, 1);
	put_le(b, 0, 6);
	if (flags & 4) {
		put_le(b, 300, 2);
		for (unsigned i = 0; i < 300; i++)
			put_le(b, 'e', 1);
	}
	if (flags & 8)
		put_bytes(b, span_of("name.txt", 9));
	if (flags & 16)
		put_bytes(b, span_of("a comment", 10));
	if (flags & 2)
		put_le(b, 0, 2);
	assert_true(b->len > at);
	put_deflated(b, content);
	put_le(b, libdeflate_crc32(0, content.ptr, content.len), 4);
	put_le(b, content.len, 4);
}

static void
optional_parts_of_a_header_are_passed(void **state)
{
	struct span text = span_str("content behind the header");

	(void)state;
	for (unsigned flags = 0; flags < 32; flags++) {
		const char *place = flags & 8 ? "name.txt" : "gzip";
		struct buf b;

		buf_init(&b, 1u << 20);
		put_full_header(&b, flags, text);
		for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
			struct collect *c =
			    collect_run(buf_span(&b), way, NULL);

			assert_text(c, place, text);
			assert_int_equal(c->result.coverage, COVERAGE_FULL);
			collect_free(c);
		}
		buf_fini(&b);
	}
}

static void
a_header_that_is_cut_is_noted(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1u << 20);
	put_full_header(&b, 2 | 4 | 8 | 16, span_str("content"));
	/* extra field, name, comment and check sum: 10 + 302 + 9 + 10 + 2 */
	for (size_t n = 11; n < 333; n += 7) {
		struct collect *c =
		    collect_run(span_of(b.data, n), IN_MEMORY, NULL);

		assert_int_equal(c->result.coverage, COVERAGE_NONE);
		assert_int_equal(c->result.reason, COVER_TRUNCATED);
		collect_free(c);
	}
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gzip_is_unpacked_under_the_name_in_its_header),
	    cmocka_unit_test(members_behind_each_other_are_one_text),
	    cmocka_unit_test(what_follows_the_last_member_is_read_too),
	    cmocka_unit_test(a_cut_stream_gives_what_came_before_the_cut),
	    cmocka_unit_test(a_wrong_checksum_is_noted_and_the_text_still_read),
	    cmocka_unit_test(a_bomb_stops_at_the_ratio),
	    cmocka_unit_test(optional_parts_of_a_header_are_passed),
	    cmocka_unit_test(a_header_that_is_cut_is_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
