#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "proxy-agent/session/imap_text.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
words_end_at_blanks_and_brackets_and_quotes_hold_them(void **state)
{
	static const char *const want[] = {"1", "FETCH",    "UID",
					   "7", "a b\\\"c", "NIL"};
	struct span rest = span_str("1 FETCH (UID 7 \"a b\\\"c\" NIL)"), word;

	(void)state;
	for (size_t i = 0; i < COUNT(want); i++) {
		assert_true(imap_word(&rest, &word));
		assert_true(span_eq(word, span_str(want[i])));
	}
	assert_false(imap_word(&rest, &word));
}

static void
a_quote_that_never_ends_ends_with_the_line(void **state)
{
	static const char *const cases[] = {"\"", "\"a", "\"a\\", "\"a\\\""};
	struct span word;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span rest = span_str(cases[i]);

		assert_true(imap_word(&rest, &word));
		assert_false(imap_word(&rest, &word));
	}
}

static void
only_a_counted_tail_is_a_literal(void **state)
{
	static const struct {
		const char *line;
		bool is;
		uint64_t len;
	} cases[] = {
	    {"* 1 FETCH (BODY[] {12}", true, 12},
	    {"{0}", true, 0},
	    {"{12", false, 0},
	    {"{}", false, 0},
	    {"{-1}", false, 0},
	    {"{99999999999}", false, 0},
	    {"}", false, 0},
	    {"", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint64_t len = 0;

		assert_int_equal(imap_literal(span_str(cases[i].line), &len),
				 cases[i].is);
		assert_int_equal(len, cases[i].len);
	}
}

static void
numbers_are_found_by_their_name(void **state)
{
	struct span rest;
	uint64_t n = 0;

	(void)state;
	assert_true(imap_numbered(span_str("* 12 fetch (RFC822.SIZE 34 uid 5)"),
				  span_str("FETCH"), &n, &rest));
	assert_int_equal(n, 12);
	assert_true(imap_number_of(rest, "UID", &n));
	assert_int_equal(n, 5);
	assert_true(imap_number_of(rest, "RFC822.SIZE", &n));
	assert_int_equal(n, 34);
	assert_false(imap_number_of(rest, "MODSEQ", &n));
	assert_false(imap_numbered(span_str("* OK [UIDNEXT 4]"),
				   span_str("FETCH"), &n, &rest));
	assert_false(imap_numbered(span_str("* 12 EXISTS"), span_str("FETCH"),
				   &n, &rest));
}

static void
quoting_and_back_gives_the_same(void **state)
{
	static const char *const cases[] = {"", "plain", "with \"quotes\"",
					    "back\\slash", "\xc3\xa9"};
	struct buf quoted, plain;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span rest, word;

		buf_init(&quoted, 256);
		buf_init(&plain, 256);
		assert_int_equal(imap_quote(&quoted, span_str(cases[i])),
				 ST_OK);
		rest = buf_span(&quoted);
		assert_true(imap_word(&rest, &word));
		assert_int_equal(imap_plain(&plain, word), ST_OK);
		assert_true(span_eq(buf_span(&plain), span_str(cases[i])));
		buf_fini(&quoted);
		buf_fini(&plain);
	}
	buf_init(&quoted, 256);
	assert_int_equal(imap_quote(&quoted, span_str("a\r\nt2 DELETE x")),
			 ST_MALFORMED);
	buf_fini(&quoted);
}

static void
names_of_folders_are_read_as_people_write_them(void **state)
{
	static const struct {
		const char *raw, *name;
	} cases[] = {
	    {"INBOX", "INBOX"},
	    {"Entw&APw-rfe", "Entw\xc3\xbcrfe"},
	    {"&ZeVnLIqe-", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"},
	    {"&2D3eAA-", "\xf0\x9f\x98\x80"},
	    {"R&-D", "R&D"},
	    {"R&D", "R&D"},
	    {"&", "&"},
	    {"a&!!-b", "a&!!-b"},
	};
	struct buf to;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		buf_init(&to, 256);
		assert_int_equal(imap_folder_name(&to, span_str(cases[i].raw)),
				 ST_OK);
		assert_true(span_eq(buf_span(&to), span_str(cases[i].name)));
		buf_fini(&to);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		words_end_at_blanks_and_brackets_and_quotes_hold_them),
	    cmocka_unit_test(a_quote_that_never_ends_ends_with_the_line),
	    cmocka_unit_test(only_a_counted_tail_is_a_literal),
	    cmocka_unit_test(numbers_are_found_by_their_name),
	    cmocka_unit_test(quoting_and_back_gives_the_same),
	    cmocka_unit_test(names_of_folders_are_read_as_people_write_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
