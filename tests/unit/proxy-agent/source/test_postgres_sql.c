#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "model/rows.h"
#include "proxy-agent/source/postgres_sql.h"

static void
column(struct pg_table *t, const char *name, const char *bytes, const char *key,
       const char *any_length)
{
	const struct span cell[] = {span_str(name), span_str(bytes),
				    span_str(key), span_str(any_length)};

	assert_int_equal(pg_table_column(t, cell), ST_OK);
}

static void
whatever_a_name_holds_it_stays_a_name(void **state)
{
	struct pg_table t = {.schema = "a\"; drop table x; --", .name = "%s"};
	struct buf sql;

	(void)state;
	buf_init(&sql, 4096);
	column(&t, "x\", version(), \"", "f", "t", "f");
	assert_int_equal(t.columns[0].flags, ROWS_KEY);
	assert_int_equal(pg_copy_sql(&sql, &t), ST_OK);
	assert_string_equal((const char *)sql.data,
			    "COPY (SELECT \"x\"\", version(), \"\"\"::text, "
			    "CASE WHEN false THEN ctid::text END FROM ONLY "
			    "\"a\"\"; drop table x; --\".\"%s\") TO STDOUT "
			    "(FORMAT binary)");
	pg_table_fini(&t);
	buf_fini(&sql);
}

static void
bytes_stay_bytes_and_large_cells_come_later(void **state)
{
	struct pg_table t = {.schema = "s", .name = "t"};
	struct buf sql;

	(void)state;
	buf_init(&sql, 8192);
	column(&t, "file", "t", "f", "t");
	assert_int_equal(t.columns[0].flags, ROWS_BINARY);
	assert_int_equal(pg_copy_sql(&sql, &t), ST_OK);
	assert_non_null(
	    strstr((const char *)sql.data, "THEN NULL ELSE \"file\" END"));
	assert_null(strstr((const char *)sql.data, "\"file\"::text"));
	assert_int_equal(pg_piece_sql(&sql, &t, 0, 1048577), ST_OK);
	assert_non_null(strstr((const char *)sql.data,
			       "substring(\"file\" FROM 1048577 FOR 1048576)"));
	pg_table_fini(&t);
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
