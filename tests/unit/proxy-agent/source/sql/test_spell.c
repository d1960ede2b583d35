#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "base/str.h"
#include "proxy-agent/source/sql/spell.h"

static const struct sql_kind as_is = {.letter = 't'};
static const struct sql_kind raw = {.letter = 'n', .raw = true};

static void
integers_of_any_width_are_spelled_with_their_sign(void **state)
{
	static const struct {
		const char *bytes, *want;
		size_t len;
	} cases[] = {
	    {"\0\0", "0", 2},
	    {"\0\x09", "9", 2},
	    {"\0\x0a", "10", 2},
	    {"\0\x64", "100", 2},
	    {"\x03\xe8", "1000", 2},
	    {"\xff\xff", "-1", 2},
	    {"\x80\0", "-32768", 2},
	    {"\x7f\xff", "32767", 2},
	    {"\0\x02\xba\x10", "178704", 4},
	    {"\x80\0\0\0", "-2147483648", 4},
	    {"\x7f\xff\xff\xff\xff\xff\xff\xff", "9223372036854775807", 8},
	    {"\x80\0\0\0\0\0\0\0", "-9223372036854775808", 8},
	};
	struct sql_column column = {.kind = &raw};
	const struct sql_table t = {.columns = &column, .count = 1};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span cell = span_of(cases[i].bytes, cases[i].len);
		char room[1][SQL_DIGITS];

		assert_int_equal(sql_spell(&t, &cell, room), ST_OK);
		assert_true(str_is(cell, cases[i].want));
	}
}

static void
other_cells_and_none_stay_as_they_are(void **state)
{
	struct sql_column columns[] = {{.kind = &as_is}, {.kind = &raw}};
	const struct sql_table t = {.columns = columns, .count = 2};
	struct span cell[] = {span_str("ab"), span_of(NULL, 0)};
	char room[2][SQL_DIGITS];

	(void)state;
	assert_int_equal(sql_spell(&t, cell, room), ST_OK);
	assert_true(str_is(cell[0], "ab"));
	assert_null(cell[1].ptr);
}

static void
what_is_no_integer_is_refused(void **state)
{
	static const size_t lens[] = {0, 1, 3, 5, 7, 9};
	struct sql_column column = {.kind = &raw};
	const struct sql_table t = {.columns = &column, .count = 1};

	(void)state;
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		struct span cell = span_of("123456789", lens[i]);
		char room[1][SQL_DIGITS];

		assert_int_equal(sql_spell(&t, &cell, room), ST_MALFORMED);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(integers_of_any_width_are_spelled_with_their_sign),
	    cmocka_unit_test(other_cells_and_none_stay_as_they_are),
	    cmocka_unit_test(what_is_no_integer_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
