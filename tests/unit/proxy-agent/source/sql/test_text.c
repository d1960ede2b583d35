#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "proxy-agent/source/sql/text.h"

static struct buf sql;

static int
begin(void **state)
{
	(void)state;
	buf_init(&sql, 4096);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	buf_fini(&sql);
	return 0;
}

static void
is(const char *want)
{
	assert_int_equal(sql_end(&sql), ST_OK);
	assert_string_equal((const char *)sql.data, want);
}

static void
a_pattern_is_filled_and_what_is_no_name_stays(void **state)
{
	const struct sql_word words[] = {
	    {.name = "c", .text = span_str("\"x\"")},
	    {.name = "cells", .text = span_str("{c}")},
	    {.name = "v", .text = span_str("it's"), .how = SQL_QUOTED},
	    {.name = "h", .text = span_str("a\377"), .how = SQL_HEX},
	    {0},
	};

	(void)state;
	assert_int_equal(sql_fill(&sql, "{cells} {c}, {d '{v}'} {h}{ {", words),
			 ST_OK);
	is("{c} \"x\", {d 'it''s'} 61ff{ {");
}

static void
a_quote_in_a_name_does_not_end_it(void **state)
{
	static const struct {
		char open, close;
		const char *name, *want;
	} cases[] = {
	    {'"', '"', "a\"; drop table x; --", "\"a\"\"; drop table x; --\""},
	    {'`', '`', "`", "````"},
	    {'[', ']', "a]b[c", "[a]]b[c]"},
	    {'"', '"', "%s {c}", "\"%s {c}\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&sql);
		assert_int_equal(sql_name(&sql, cases[i].open, cases[i].close,
					  cases[i].name),
				 ST_OK);
		is(cases[i].want);
	}
}

static void
a_value_cannot_leave_its_literal(void **state)
{
	static const struct {
		const char *pattern;
		struct span value;
		const char *want; /* NULL: refused */
	} cases[] = {
	    {"{text}", {(const uint8_t *)"-12.5e3", 7}, "-12.5e3"},
	    {"{text}", {(const uint8_t *)"1 OR 1", 6}, NULL},
	    {"{text}", {(const uint8_t *)"", 0}, NULL},
	    {"N'{quoted}'", {(const uint8_t *)"'", 1}, "N''''"},
	    {"N'{quoted}'", {(const uint8_t *)"a'b''", 5}, "N'a''b'''''"},
	    {"'{quoted}'", {(const uint8_t *)"a\0b", 3}, NULL},
	    {"X'{hex}'", {(const uint8_t *)"a\0'", 3}, "X'610027'"},
	    {"X'{hex}'", {(const uint8_t *)"", 0}, "X''"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum status st;

		buf_clear(&sql);
		st = sql_literal(&sql, cases[i].pattern, cases[i].value);
		assert_int_equal(st, cases[i].want ? ST_OK : ST_MALFORMED);
		if (cases[i].want != NULL)
			is(cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_pattern_is_filled_and_what_is_no_name_stays, begin, end),
	    cmocka_unit_test_setup_teardown(a_quote_in_a_name_does_not_end_it,
					    begin, end),
	    cmocka_unit_test_setup_teardown(a_value_cannot_leave_its_literal,
					    begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
