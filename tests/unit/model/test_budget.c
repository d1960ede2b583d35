#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "model/budget.h"

static void
a_list_changes_what_it_names_and_nothing_else(void **state)
{
	struct budget b, want;
	struct buf why;

	(void)state;
	buf_init(&why, 256);
	budget_default(&b);
	budget_default(&want);
	want.depth = 4;
	want.output = UINT64_C(2) << 30;
	want.seconds = 7;
	assert_int_equal(
	    budget_set(&b, span_str("depth=4, output = 2GiB,seconds=7"), &why),
	    ST_OK);
	assert_memory_equal(&b, &want, sizeof(b));
	assert_int_equal(budget_set(&b, span_str(""), &why), ST_OK);
	assert_memory_equal(&b, &want, sizeof(b));
	buf_fini(&why);
}

static void
what_is_no_limit_is_refused_by_name_and_changes_nothing(void **state)
{
	static const struct {
		const char *list, *why;
	} cases[] = {
	    {"deep=4", "there is no limit \"deep\""},
	    {",depth=4", "there is no limit \"\""},
	    {"depth", "the limit depth is a number from 1 to 16"},
	    {"depth=", "the limit depth is a number from 1 to 16"},
	    {"depth=17", "the limit depth is a number from 1 to 16"},
	    {"members=9,depth=0", "the limit depth is a number from 1 to 16"},
	    {"output=0", "the limit output is a number from 1 on"},
	    {"seconds=-1", "the limit seconds is a number from 1 to 1000000"},
	    {"depth=99999999999999999999",
	     "the limit depth is a number from 1 to 16"},
	};
	struct budget b, before;
	struct buf why;

	(void)state;
	buf_init(&why, 256);
	budget_default(&b);
	before = b;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(budget_set(&b, span_str(cases[i].list), &why),
				 ST_MALFORMED);
		assert_true(span_eq(buf_span(&why), span_str(cases[i].why)));
		assert_memory_equal(&b, &before, sizeof(b));
	}
	buf_fini(&why);
}

static void
the_help_has_a_line_for_each_limit_with_its_default(void **state)
{
	struct buf text;
	size_t lines = 0;

	(void)state;
	buf_init(&text, 1u << 16);
	assert_int_equal(budget_help(&text), ST_OK);
	for (size_t i = 0; i < text.len; i++)
		lines += text.data[i] == '\n';
	assert_int_equal(lines, sizeof(struct budget) / sizeof(uint64_t));
	assert_int_equal(buf_add_byte(&text, 0), ST_OK);
	assert_non_null(strstr((char *)text.data, "  depth            8 "));
	assert_non_null(strstr((char *)text.data, " 64GiB "));
	buf_fini(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_list_changes_what_it_names_and_nothing_else),
	    cmocka_unit_test(
		what_is_no_limit_is_refused_by_name_and_changes_nothing),
	    cmocka_unit_test(
		the_help_has_a_line_for_each_limit_with_its_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
