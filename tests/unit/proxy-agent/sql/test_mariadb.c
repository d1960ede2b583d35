#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "proxy-agent/source/sql/statement.h"
#include "proxy-agent/source/sql/table.h"
#include "proxy-agent/sql/mariadb.h"

static void
column(struct sql_table *t, const char *name, const char *letter,
       const char *place, const char *large)
{
	const struct span cell[] = {span_str(name), span_str(letter),
				    span_str(place), span_str(large)};

	assert_int_equal(sql_table_column(t, cell), ST_OK);
}

static void
keys_of_any_type_are_literals_that_say_no_more_than_they_mean(void **state)
{
	const struct span row[] = {span_str("\\' OR 1"), span_of("\0\377", 2),
				   span_str("2020-01-01 00:00:00.125"),
				   span_str("-7")};
	struct sql_table t = {
	    .dialect = &mariadb_dialect, .schema = "s`", .name = "t"};
	struct sql_key key;
	struct buf sql;

	(void)state;
	buf_init(&sql, 4096);
	sql_key_init(&key);
	column(&t, "a", "t", "1", "0");
	column(&t, "b", "b", "2", "0");
	column(&t, "c", "d", "3", "0");
	column(&t, "d", "n", "4", "0");
	assert_int_equal(sql_table_ready(&t, true), ST_OK);
	assert_true(t.paged);
	assert_int_equal(sql_key_take(&key, &t, row), ST_OK);
	assert_int_equal(sql_statement_page(&sql, &t, &key, 3), ST_OK);
	assert_string_equal(
	    (const char *)sql.data,
	    "SELECT SQL_NO_CACHE `a`, `b`, `c`, `d` FROM `s```.`t` WHERE "
	    "`a` >= _utf8mb4 X'5c27204f522031' AND "
	    "(`a` > _utf8mb4 X'5c27204f522031' OR "
	    "(`a` = _utf8mb4 X'5c27204f522031' AND "
	    "(`b` > X'00ff' OR (`b` = X'00ff' AND "
	    "(`c` > '2020-01-01 00:00:00.125' OR "
	    "(`c` = '2020-01-01 00:00:00.125' AND `d` > -7)))))) "
	    "ORDER BY `a`, `b`, `c`, `d` LIMIT 3");
	sql_key_fini(&key);
	sql_table_fini(&t);
	buf_fini(&sql);
}

static void
what_is_ordered_otherwise_than_written_makes_no_pages(void **state)
{
	static const char *const letters[] = {"o", "i", "g"};

	(void)state;
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		struct sql_table t = {
		    .dialect = &mariadb_dialect, .schema = "s", .name = "t"};

		column(&t, "size", letters[i], "1", "0");
		assert_int_equal(sql_table_ready(&t, true), ST_OK);
		assert_false(t.paged);
		sql_table_fini(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		keys_of_any_type_are_literals_that_say_no_more_than_they_mean),
	    cmocka_unit_test(
		what_is_ordered_otherwise_than_written_makes_no_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
