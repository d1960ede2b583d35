#include "extract/mail/pst.h"

#include "tests/unit/extract/archive/sample.h"

#define COPY_MAX (1u << 18)

static void
stores_of_all_kinds_are_read_by_folder_and_number(void **state)
{
	static const char *const files[] = {
	    "pst/ansi0.pst",  "pst/ansi1.pst",  "pst/ansi2.pst",
	    "pst/wide0.pst",  "pst/wide1.pst",  "pst/wide2.pst",
	    "pst/large0.pst", "pst/large1.pst", "pst/large2.pst",
	};
	static const struct {
		const char *place, *text;
	} want[] = {
	    {"Inbox/1", "Re: first\n"},
	    {"Inbox/1", "the body\n"},
	    {"Inbox/1", "own\nx1\nx2\n"},
	    {"Inbox/1", "b@example.org\n"},
	    {"Inbox/1", "X-A: b\n"},
	    {"Inbox/1" ARROW "html body", "<p>marked</p>"},
	    {"Inbox/1" ARROW "a.txt", "attached"},
	    {"Inbox/1" ARROW "in", "within\n"},
	    {"Inbox/2", "second\n"},
	    {"Inbox/2" ARROW "b.txt", "words words "},
	    {"Deleted Items/1", "third\n"},
	    {"orphaned/1", "fourth\n"},
	    {"store", "a password is set, which encrypts nothing\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct span s = sample(files[i]);

		for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
			struct collect *c = collect_run(s, way, NULL);

			for (size_t k = 0; k < sizeof(want) / sizeof(want[0]);
			     k++)
				assert_has(c, want[k].place, want[k].text);
			assert_int_equal(c->result.coverage, COVERAGE_FULL);
			collect_free(c);
		}
		free_span(s);
	}
}

static void
what_was_deleted_is_read_where_no_map_tells_of_use(void **state)
{
	static const char want[] = "s\0o\0m\0e\0 \0f\0r\0e\0e\0d\0 \0w";
	struct span s = sample("pst/maps.pst"), text;
	struct collect *c = collect_run(s, BY_PREAD, NULL);

	(void)state;
	text = collect_text(c, "unused space");
	assert_true(text.len > sizeof(want));
	assert_memory_equal(text.ptr, want, sizeof(want) - 1);
	assert_int_equal(c->result.coverage, COVERAGE_FULL);
	collect_free(c);
	free_span(s);
}

/* A copy in which `n` bytes at `at` are zero. */
static struct span
damaged(struct span s, size_t at, size_t n)
{
	uint8_t *p = malloc(COPY_MAX);

	assert_non_null(p);
	assert_true(s.len <= COPY_MAX && at + n <= s.len);
	memcpy(p, s.ptr, s.len);
	memset(p + at, 0, n);
	return span_of(p, s.len);
}

static void
a_store_without_its_trees_is_read_as_bytes(void **state)
{
	static const size_t roots[] = {224, 240}; /* nodes, blocks */
	struct span s = sample("pst/wide1.pst");

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct span t = damaged(s, roots[i], 8);
		struct collect *c = collect_run(t, BY_PREAD, NULL);

		assert_true(has_note(c, "", COVER_MALFORMED));
		assert_has(c, "all of the store", "<p>marked</p>");
		assert_has(c, "all of the store", "attached");
		collect_free(c);
		free_span(t);
	}
	free_span(s);
}

static void
what_is_lost_is_said_and_all_else_is_read(void **state)
{
	struct span s = sample("pst/wide0.pst"), t;
	const uint8_t *at = memmem(s.ptr, s.len, "words words", 11);
	struct collect *c;
	size_t trailer;

	(void)state;
	assert_non_null(at);
	/* the number of the block, which stands behind it, is another one */
	trailer = (size_t)(at - s.ptr) + 8176;
	t = damaged(s, trailer + 8, 8);
	c = collect_run(t, BY_PREAD, NULL);
	assert_true(has_note(c, "Inbox/2", COVER_MALFORMED));
	assert_has(c, "Inbox/2" ARROW "b.txt", "words words ");
	assert_has(c, "Deleted Items/1", "third\n");
	assert_int_equal(c->note_count, 1);
	collect_free(c);
	free_span(t);

	t = span_of(s.ptr, s.len / 2);
	c = collect_run(t, BY_PREAD, NULL);
	assert_true(c->note_count > 0);
	assert_has(c, "all of the store", "attached");
	collect_free(c);
	free_span(s);
}

static void
blocks_that_are_listed_again_and_again_end_with_a_note(void **state)
{
	struct span s = sample("pst/bomb.pst");
	struct collect *c = collect_run(s, BY_PREAD, NULL);

	(void)state;
	assert_has(c, "root/1", "before\n");
	assert_true(has_note(c, "root/2", COVER_MALFORMED));
	assert_true(c->result.coverage == COVERAGE_PARTIAL);
	collect_free(c);
	free_span(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(stores_of_all_kinds_are_read_by_folder_and_number),
	    cmocka_unit_test(
		what_was_deleted_is_read_where_no_map_tells_of_use),
	    cmocka_unit_test(a_store_without_its_trees_is_read_as_bytes),
	    cmocka_unit_test(what_is_lost_is_said_and_all_else_is_read),
	    cmocka_unit_test(
		blocks_that_are_listed_again_and_again_end_with_a_note),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
