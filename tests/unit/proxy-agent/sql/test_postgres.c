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
#include "proxy-agent/sql/postgres.h"

static void
column(struct sql_table *t, const char *name, const char *letter,
       const char *place, const char *large)
{
	const struct span cell[] = {span_str(name), span_str(letter),
				    span_str(place), span_str(large)};

	assert_int_equal(sql_table_column(t, cell), ST_OK);
}

static void
whatever_a_name_holds_it_stays_a_name(void **state)
{
	struct sql_table t = {.dialect = &postgres_dialect,
			      .database = "d",
			      .schema = "a\"; drop table x; --",
			      .name = "%s"};
	struct buf sql;

	(void)state;
	buf_init(&sql, 4096);
	column(&t, "x\", version(), \"", "n", "1", "0");
	assert_int_equal(sql_table_ready(&t, true), ST_OK);
	assert_true(t.paged);
	assert_int_equal(sql_statement_all(&sql, &t, 0), ST_OK);
	assert_string_equal((const char *)sql.data,
			    "SELECT \"x\"\", version(), \"\"\" FROM ONLY "
			    "\"a\"\"; drop table x; --\".\"%s\"");
	sql_table_fini(&t);
	buf_fini(&sql);
}

static void
bytes_stay_bytes_and_large_cells_come_later(void **state)
{
	const struct span row[] = {span_of(NULL, 0), span_str("(3,4)"),
				   span_str("1")};
	struct sql_table t = {.dialect = &postgres_dialect,
			      .database = "d",
			      .schema = "s",
			      .name = "t"};
	struct buf sql, where;

	(void)state;
	buf_init(&sql, 8192);
	buf_init(&where, 256);
	column(&t, "file", "b", "", "1");
	assert_int_equal(sql_table_ready(&t, true), ST_OK);
	assert_int_equal(sql_statement_all(&sql, &t, 0), ST_OK);
	assert_non_null(
	    strstr((const char *)sql.data, "THEN NULL ELSE \"file\" END"));
	assert_null(strstr((const char *)sql.data, "\"file\"::text"));
	assert_int_equal(sql_statement_where(&where, &t, row), ST_OK);
	assert_int_equal(buf_add_byte(&where, 0), ST_OK);
	assert_int_equal(sql_statement_piece(
			     &sql, &t, 0, (const char *)where.data, 0, 4194305),
			 ST_OK);
	assert_non_null(strstr((const char *)sql.data,
			       "substring(\"file\" FROM 4194305 FOR 4194304)"));
	assert_non_null(strstr((const char *)sql.data,
			       " FROM ONLY \"s\".\"t\" WHERE ctid = "
			       "'(3,4)'::tid"));
	sql_table_fini(&t);
	buf_fini(&where);
	buf_fini(&sql);
}

/* The cell has the name of its column, and would be what is ordered by. */
static void
pages_go_along_the_index_of_the_whole_key(void **state)
{
	const struct span row[] = {span_str("o'k"), span_str("-7"),
				   span_of(NULL, 0)};
	struct sql_table t = {.dialect = &postgres_dialect,
			      .database = "d",
			      .schema = "s",
			      .name = "t"};
	struct sql_key key;
	struct buf sql;

	(void)state;
	buf_init(&sql, 8192);
	sql_key_init(&key);
	column(&t, "region", "t", "1", "0");
	column(&t, "id", "n", "2", "0");
	column(&t, "note", "n", "0", "0");
	assert_int_equal(sql_table_ready(&t, true), ST_OK);
	assert_int_equal(sql_key_take(&key, &t, row), ST_OK);
	assert_int_equal(sql_statement_page(&sql, &t, &key, 9), ST_OK);
	assert_string_equal((const char *)sql.data,
			    "SELECT \"region\"::text, \"id\", "
			    "\"note\" FROM ONLY \"s\".\"t\" AS t "
			    "WHERE (\"region\", \"id\") > ('o''k', -7) "
			    "ORDER BY t.\"region\", t.\"id\" LIMIT 9");
	assert_int_equal(sql_statement_page(&sql, &t, &key, 0), ST_OK);
	assert_non_null(strstr((const char *)sql.data, " > ('o''k', -7) "));
	assert_null(strstr((const char *)sql.data, "LIMIT"));
	sql_table_fini(&t);
	sql_key_fini(&key);
	buf_fini(&sql);
}

static void
rows_in_disorder_are_read_as_they_lie(void **state)
{
	struct sql_table t = {.dialect = &postgres_dialect,
			      .database = "d",
			      .schema = "s",
			      .name = "t",
			      .scattered = true};

	(void)state;
	column(&t, "id", "t", "1", "0");
	column(&t, "file", "b", "", "1");
	assert_int_equal(sql_table_ready(&t, true), ST_OK);
	assert_false(t.paged);
	assert_int_equal(t.row, SQL_BY_ID);
	sql_table_fini(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whatever_a_name_holds_it_stays_a_name),
	    cmocka_unit_test(bytes_stay_bytes_and_large_cells_come_later),
	    cmocka_unit_test(pages_go_along_the_index_of_the_whole_key),
	    cmocka_unit_test(rows_in_disorder_are_read_as_they_lie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
