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
	    cmocka_unit_test(strings_that_never_end_cost_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
