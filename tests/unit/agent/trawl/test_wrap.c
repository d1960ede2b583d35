#include "tests/unit/agent/trawl/ask.h"

#include <stdlib.h>

#include "agent/trawl/wrap.h"
#include "base/str.h"

static void
words_stay_within_the_columns(void **state)
{
	static const struct {
		const char *text;
		size_t width;
		const char *want;
	} cases[] = {
	    {"", 10, ""},
	    {"one two", 0, "one two"},
	    {"one two three", 9, "one two\n  three"},
	    {"unbreakable, though it is long", 8,
	     "unbreakable,\n  though\n  it is\n  long"},
	    {"\xc3\xa4\xc3\xb6\xc3\xbc \xc3\x9f", 7,
	     "\xc3\xa4\xc3\xb6\xc3\xbc \xc3\x9f"}, /* columns, not bytes */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wrap w = {
		    .width = cases[i].width, .indent = 2, .column = 2};
		char *got = NULL;
		size_t n;

		w.to = open_memstream(&got, &n);
		assert_non_null(w.to);
		wrap_text(&w, span_str(cases[i].text));
		assert_int_equal(fclose(w.to), 0);
		assert_string_equal(got, cases[i].want);
		free(got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_stay_within_the_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
