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
#include "proxy-agent/sql/tds_sql.h"

static void
column(struct sql_table *t, const char *name, const char *letter,
       const char *place, const char *large)
{
	const struct span cell[] = {span_str(name), span_str(letter),
				    span_str(place), span_str(large)};

	assert_int_equal(sql_table_column(t, cell), ST_OK);
}

static void
text_of_one_byte_a_letter_is_not_compared_as_if_it_had_two(void **state)
{
	const struct span row[] = {span_str("co-op]"), span_str("O'Neill"),
				   span_str("2020-01-01T00:00:00.123")};
	struct sql_table t = {.dialect = &mssql_dialect,
			      .database = "d",
			      .schema = "s]",
			      .name = "t"};
	struct sql_key key;
	struct buf sql;

	(void)state;
	buf_init(&sql, 4096);
	sql_key_init(&key);
	column(&t, "a", "a", "1", "0");
	column(&t, "b", "t", "2", "0");
	column(&t, "c", "w", "3", "0");
	assert_int_equal(sql_table_ready(&t, true), ST_OK);
	assert_int_equal(sql_key_take(&key, &t, row), ST_OK);
	assert_int_equal(sql_statement_page(&sql, &t, &key, 3), ST_OK);
	assert_string_equal(
	    (const char *)sql.data,
	    "SELECT TOP (3) [a], [b], CONVERT(varchar(40), [c], 126) "
	    "FROM [s]]].[t] WHERE "
	    "[a] >= CONVERT(varchar(8000), N'co-op]') AND "
	    "([a] > CONVERT(varchar(8000), N'co-op]') OR "
	    "([a] = CONVERT(varchar(8000), N'co-op]') AND "
	    "([b] > N'O''Neill' OR ([b] = N'O''Neill' AND "
	    "[c] > '2020-01-01T00:00:00.123')))) ORDER BY [a], [b], [c]");
	sql_key_fini(&key);
	sql_table_fini(&t);
	buf_fini(&sql);
}

static void
large_cells_are_taken_apart_where_a_server_can(void **state)
{
	static const struct {
		const struct sql_dialect *dialect;
		bool apart;
	} cases[] = {{&mssql_dialect, true}, {&sybase_dialect, false}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sql_table t = {.dialect = cases[i].dialect,
				      .database = "d",
				      .schema = "s",
				      .name = "t"};

		column(&t, "id", "n", "1", "0");
		column(&t, "file", "b", "0", "1");
		assert_int_equal(sql_table_ready(&t, true), ST_OK);
		assert_true(t.paged);
		assert_int_equal(t.any_large, cases[i].apart);
		sql_table_fini(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		text_of_one_byte_a_letter_is_not_compared_as_if_it_had_two),
	    cmocka_unit_test(large_cells_are_taken_apart_where_a_server_can),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
