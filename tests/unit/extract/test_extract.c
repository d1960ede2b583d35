#include "tests/unit/extract/archive/make.h"

#include <stdio.h>

/* Budgets: over one of them is a note and an end, never a hang. */
static struct span
nested(unsigned levels, struct buf *a, struct buf *b)
{
	struct buf *from = a, *to = b;

	buf_init(a, 1u << 20);
	buf_init(b, 1u << 20);
	put_bytes(from, span_str("the innermost text"));
	for (unsigned i = 0; i < levels; i++) {
		struct buf *swap = from;

		buf_clear(to);
		put_gzip(to, buf_span(from), NULL);
		from = to;
		to = swap;
	}
	return buf_span(from);
}

static void
depth_is_bounded(void **state)
{
	struct extract_options options;
	struct buf a, b;

	(void)state;
	extract_options_default(&options);
	assert_int_equal(options.budget.depth, 8);
	for (unsigned levels = 7; levels <= 10; levels++) {
		struct collect *c =
		    collect_run(nested(levels, &a, &b), IN_MEMORY, &options);

		if (levels <= 8)
			assert_int_equal(c->result.coverage, COVERAGE_FULL);
		else
			assert_int_equal(c->result.reason, COVER_DEPTH);
		collect_free(c);
		buf_fini(&a);
		buf_fini(&b);
	}
}

static struct span
many(struct zip_make *z, unsigned n)
{
	char name[16];

	zip_begin(z);
	for (unsigned i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "m%u", i % 30);
		zip_add_text(z, name, "member");
	}
	return zip_end(z, "");
}

static void
members_are_bounded(void **state)
{
	struct extract_options options;
	struct zip_make z;
	struct collect *c;

	(void)state;
	extract_options_default(&options);
	options.budget.members = 20;
	c = collect_run(many(&z, 25), BY_PREAD, &options);
	assert_int_equal(c->result.members, 20);
	assert_int_equal(c->result.reason, COVER_MEMBERS);
	assert_int_equal(c->result.coverage, COVERAGE_PARTIAL);
	collect_free(c);
	zip_free(&z);
}

static void
unpacked_bytes_are_bounded(void **state)
{
	struct span s = some_text(4u << 20, 1);
	struct extract_options options;
	struct buf b;
	struct collect *c;

	(void)state;
	buf_init(&b, 1u << 24);
	put_gzip(&b, s, NULL);
	extract_options_default(&options);
	options.budget.output = 2u << 20;
	c = collect_run(buf_span(&b), BY_PREAD, &options);
	assert_int_equal(c->result.reason, COVER_BYTES);
	assert_true(c->places[0].text.len <= 4u << 20);
	collect_free(c);
	buf_fini(&b);
	free_span(s);
}

static void
time_is_bounded(void **state)
{
	struct span s = some_text(8u << 20, 1);
	struct extract_options options;
	struct collect *c;

	(void)state;
	extract_options_default(&options);
	options.budget.seconds = 0;
	c = collect_run(s, BY_PREAD, &options);
	assert_int_equal(c->result.reason, COVER_TIME);
	assert_int_equal(c->result.coverage, COVERAGE_PARTIAL);
	collect_free(c);
	free_span(s);
}

static void
an_extractor_starts_afresh_with_each_object(void **state)
{
	struct extract_options options;
	struct extractor *x;
	struct zip_make z;
	struct span zip = many(&z, 5);

	(void)state;
	extract_options_default(&options);
	assert_int_equal(extractor_alone(&options, &x), ST_OK);
	for (unsigned i = 0; i < 3; i++) {
		struct collect *c = calloc(1, sizeof(*c));
		const struct extract_sink sink = {c, collect_window,
						  collect_note, NULL};
		const struct extract_input in = {.bytes = zip, .size = zip.len};

		assert_int_equal(extract_object(x, &in, &sink, &c->result),
				 ST_OK);
		assert_int_equal(c->result.members, 5);
		assert_int_equal(c->result.coverage, COVERAGE_FULL);
		collect_free(c);
	}
	extractor_close(x);
	zip_free(&z);
}

static enum status
broken_pread(void *arg, void *dst, size_t n, uint64_t off, size_t *got)
{
	(void)arg;
	if (off >= 100000)
		return ST_IO;
	*got = n < 100000 - off ? n : (size_t)(100000 - off);
	memset(dst, 'x', *got);
	return ST_OK;
}

static void
a_read_error_is_noted_behind_what_was_read(void **state)
{
	struct collect *c = calloc(1, sizeof(*c));
	const struct extract_sink sink = {c, collect_window, collect_note,
					  NULL};
	const struct extract_input in = {.pread = broken_pread,
					 .size = 1u << 20};
	struct extract_options options;
	struct extractor *x;

	(void)state;
	extract_options_default(&options);
	assert_int_equal(extractor_alone(&options, &x), ST_OK);
	assert_int_equal(extract_object(x, &in, &sink, &c->result), ST_OK);
	assert_int_equal(c->result.reason, COVER_IO);
	assert_int_equal(c->result.coverage, COVERAGE_PARTIAL);
	assert_int_equal(c->places[0].text.len, 100000);
	extractor_close(x);
	collect_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(depth_is_bounded),
	    cmocka_unit_test(members_are_bounded),
	    cmocka_unit_test(unpacked_bytes_are_bounded),
	    cmocka_unit_test(time_is_bounded),
	    cmocka_unit_test(an_extractor_starts_afresh_with_each_object),
	    cmocka_unit_test(a_read_error_is_noted_behind_what_was_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
