#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scan/heads.h"

static void
a_line_of_names_above_a_line_of_as_many_values_is_a_head(void **state)
{
	static const struct {
		const char *text, *head;
	} cases[] = {
	    {"name,passport\nJane,055406955\n", "name,passport"},
	    {"name;nr_pesel\r\nA;1\r\n", "name;nr_pesel"},
	    {"a\tb\tc\n1\t2\t3", "a\tb\tc"},
	    {"\"last, first\",ssn\n\"Roe, J\",1\n", "\"last, first\",ssn"},
	    {"имя,паспорт\nа,1\n", "имя,паспорт"},
	    {"a,,b\n1,2,3\n", "a,,b"},
	    {"name,passport\n", ""},             /* nothing below it */
	    {"name,passport\nplain text\n", ""}, /* not as many */
	    {"Jane,055406955\nJohn,055406956\n", ""},
	    {"1,2\n3,4\n", ""},
	    {"ssn\n123\n", ""},
	    {"", ""},
	    {"\n", ""},
	    {"a very long first line that is a sentence and no name of any "
	     "column at all,b\n1,2\n",
	     ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!span_eq(heads_of(span_str(cases[i].text)),
			     span_str(cases[i].head)))
			fail_msg("%s", cases[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_line_of_names_above_a_line_of_as_many_values_is_a_head),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
