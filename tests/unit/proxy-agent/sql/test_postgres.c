#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "proxy-agent/source/sql_table.h"
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
	assert_false(t.paged);
	assert_int_equal(sql_table_all(&sql, &t, 0), ST_OK);
	assert_string_equal((const char *)sql.data,
			    "SELECT \"x\"\", version(), \"\"\"::text FROM ONLY "
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
	assert_int_equal(sql_table_all(&sql, &t, 0), ST_OK);
	assert_non_null(
	    strstr((const char *)sql.data, "THEN NULL ELSE \"file\" END"));
	assert_null(strstr((const char *)sql.data, "\"file\"::text"));
	assert_int_equal(sql_table_where(&where, &t, row), ST_OK);
	assert_int_equal(buf_add_byte(&where, 0), ST_OK);
	assert_int_equal(
	    sql_table_piece(&sql, &t, 0, (const char *)where.data, 0, 4194305),
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whatever_a_name_holds_it_stays_a_name),
	    cmocka_unit_test(bytes_stay_bytes_and_large_cells_come_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
