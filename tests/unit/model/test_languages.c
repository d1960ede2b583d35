#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "model/languages.h"

static void
a_list_has_one_to_eight_good_names(void **state)
{
	static const struct {
		const char *list;
		bool good;
	} cases[] = {
	    {"eng", true},
	    {"eng,deu", true},
	    {" eng , chi_sim", true},
	    {"a,b,c,d,e,f,g,h", true},
	    {"a,b,c,d,e,f,g,h,i", false},
	    {"", false},
	    {",", false},
	    {"eng,", false},
	    {"eng,,deu", false},
	    {"eng+deu", false},
	    {"../eng", false},
	    {"eng deu", false},
	    {"\xc3\xa9", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (languages_good(span_str(cases[i].list)) != cases[i].good)
			fail_msg("\"%s\"", cases[i].list);
}

static void
a_name_is_as_long_as_it_may_be(void **state)
{
	char name[LANGUAGE_MAX + 1];

	(void)state;
	memset(name, 'a', sizeof(name));
	assert_true(language_good(span_of(name, LANGUAGE_MAX)));
	assert_false(language_good(span_of(name, LANGUAGE_MAX + 1)));
	assert_false(language_good(span_of(name, 0)));
	assert_false(language_good(span_of("a\0b", 3)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_list_has_one_to_eight_good_names),
	    cmocka_unit_test(a_name_is_as_long_as_it_may_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
