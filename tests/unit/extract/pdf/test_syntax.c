#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "extract/pdf/syntax.h"

static void
a_string_ends_where_its_parentheses_do(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} cases[] = {
	    {"(a) Tj", 3},
	    {"(a (b) c) Tj", 9},
	    {"(a\nb\n(c)\n) Tj", 10},
	    {"(a \\) b) Tj", 8},
	    {"(never\nclosed", 6}, /* as long as its line */
	    {"(never closed", 13},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span in = span_str(cases[i].text), out;

		assert_int_equal(pdf_next(&in, &out), PDF_STRING);
		assert_int_equal(out.len, cases[i].len);
	}
}

static void
strings_say_what_their_escapes_mean_as_far_as_there_is_room(void **state)
{
	static const struct {
		const char *text, *want;
		size_t cap;
		enum status st;
	} cases[] = {
	    {"(plain)", "plain", 16, ST_OK},
	    {"(\\101\\(b\\)\\n\\\\)", "A(b)\n\\", 16, ST_OK},
	    {"(a\\\nb\\\r\nc\\", "abc", 16, ST_OK},
	    {"(\\7x\\1234)", "\007xS4", 16, ST_OK},
	    {"<4a4B4>", "JK@", 16, ST_OK},
	    {"(123456789)", "12345678", 8, ST_LIMIT},
	    {"(1234567\\0578)", "1234567/", 8, ST_LIMIT},
	    {"/name", "", 8, ST_OK},
	    {"()", "", 8, ST_OK},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf to;

		buf_init(&to, cases[i].cap);
		assert_int_equal(pdf_string(span_str(cases[i].text), &to),
				 cases[i].st);
		assert_true(span_eq(buf_span(&to), span_str(cases[i].want)));
		buf_fini(&to);
	}
}

static void
strings_without_an_escape_are_where_they_stand(void **state)
{
	static const struct {
		const char *text, *want; /* NULL: not so */
	} cases[] = {
	    {"(plain)", "plain"}, {"()", ""},     {"(never", "never"},
	    {"(a\\)", NULL},      {"<4a>", NULL}, {"/name", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span s;
		bool plain = pdf_string_plain(span_str(cases[i].text), &s);

		assert_int_equal(plain, cases[i].want != NULL);
		if (plain)
			assert_true(span_eq(s, span_str(cases[i].want)));
	}
}

/* Each begins a string that would be looked for to the same far end. */
static void
strings_that_never_end_cost_little(void **state)
{
	static const char *const lines[] = {"(\n", "(\\(\n", "\\(\n", "((\n"};
	enum { SIZE = 4 << 20 };
	char *text = malloc(SIZE + 8);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		size_t n = strlen(lines[i]), tokens = 0;
		struct span in, out;

		for (size_t at = 0; at < SIZE; at += n)
			memcpy(text + at, lines[i], n);
		in = span_of(text, SIZE);
		while (pdf_next(&in, &out) != PDF_END)
			tokens++;
		assert_true(tokens > SIZE / 1024);
	}
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_string_ends_where_its_parentheses_do),
	    cmocka_unit_test(
		strings_say_what_their_escapes_mean_as_far_as_there_is_room),
	    cmocka_unit_test(strings_without_an_escape_are_where_they_stand),
	    cmocka_unit_test(strings_that_never_end_cost_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
