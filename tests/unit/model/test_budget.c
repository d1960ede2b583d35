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

static void
every_row_has_a_default_within_its_range_and_says_it(void **state)
{
	char rule[BUDGET_RULE_MAX];
	struct budget b;
	size_t n = 0;

	(void)state;
	budget_default(&b);
	for (; budget_row(n) != NULL; n++) {
		const struct budget_row *r = budget_row(n);

		assert_ptr_equal(budget_find(span_str(r->name)), r);
		assert_true(budget_allows(r, r->normal));
		assert_true(budget_allows(r, r->low));
		assert_false(budget_allows(r, r->low - 1));
		assert_int_equal(budget_value(&b, r), r->normal);
		assert_true(strlen(r->text) > 0);
		assert_true(strlen(budget_unit_name(r->unit)) > 0);
	}
	assert_int_equal(n, sizeof(struct budget) / sizeof(uint64_t));
	assert_null(budget_find(span_str("deep")));
	budget_rule(budget_find(span_str("depth")), rule);
	assert_string_equal(rule, "a number from 1 to 16");
	budget_rule(budget_find(span_str("output")), rule);
	assert_string_equal(rule, "a number from 1 on");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		every_row_has_a_default_within_its_range_and_says_it),
	    cmocka_unit_test(a_list_changes_what_it_names_and_nothing_else),
	    cmocka_unit_test(
		what_is_no_limit_is_refused_by_name_and_changes_nothing),
	    cmocka_unit_test(
		the_help_has_a_line_for_each_limit_with_its_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
