#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "proxy-agent/firebird/firebird.h"
#include "proxy-agent/source/sql/statement.h"
#include "proxy-agent/source/sql/table.h"

static void
column(struct sql_table *t, const char *name, const char *letter,
       const char *place, const char *large)
{
	const struct span cell[] = {span_str(name), span_str(letter),
				    span_str(place), span_str(large)};

	assert_int_equal(sql_table_column(t, cell), ST_OK);
}

static struct sql_table
table(void)
{
	return (struct sql_table){.dialect = &firebird_dialect,
				  .database = "shop",
				  .schema = "",
				  .name = "T\"1"};
}

static void
a_table_has_a_name_and_no_schema(void **state)
{
	struct sql_table t = table();
	struct buf sql;

	(void)state;
	buf_init(&sql, 4096);
	column(&t, "A", "t", "0", "0");
	assert_int_equal(sql_table_ready(&t, true), ST_OK);
	assert_int_equal(sql_statement_count(&sql, &t), ST_OK);
	assert_string_equal((const char *)sql.data,
			    "SELECT COUNT(*) FROM \"T\"\"1\"");
	sql_table_fini(&t);
	buf_fini(&sql);
}

static void
padded_keys_are_compared_without_their_blanks(void **state)
{
	const struct span row[] = {span_str("it's"), span_str("-7")};
	struct sql_table t = table();
	struct sql_key key;
	struct buf sql;

	(void)state;
	buf_init(&sql, 4096);
	sql_key_init(&key);
	column(&t, "C", "c", "1", "0");
	column(&t, "N", "n", "2", "0");
	assert_int_equal(sql_table_ready(&t, true), ST_OK);
	assert_int_equal(sql_key_take(&key, &t, row), ST_OK);
	assert_int_equal(sql_statement_page(&sql, &t, &key, 3), ST_OK);
	assert_string_equal(
	    (const char *)sql.data,
	    "SELECT FIRST 3 TRIM(TRAILING FROM \"C\"), \"N\" FROM "
	    "\"T\"\"1\" WHERE \"C\" >= 'it''s' AND (\"C\" > 'it''s' OR "
	    "(\"C\" = 'it''s' AND \"N\" > -7)) ORDER BY \"C\", \"N\"");
	sql_key_fini(&key);
	sql_table_fini(&t);
	buf_fini(&sql);
}

static void
rows_without_a_key_are_named_by_the_server(void **state)
{
	const struct span row[] = {span_of(NULL, 0),
				   span_of("\x81\0\0\0\x01\0\0\0", 8),
				   span_str("1")};
	struct sql_table t = table();
	struct buf sql;

	(void)state;
	buf_init(&sql, 4096);
	column(&t, "W", "x", "", "1");
	assert_int_equal(sql_table_ready(&t, true), ST_OK);
	assert_true(sql_table_marked(&t, row));
	assert_int_equal(sql_statement_where(&sql, &t, row), ST_OK);
	assert_int_equal(buf_add_byte(&sql, 0), ST_OK);
	assert_string_equal((const char *)sql.data,
			    "RDB$DB_KEY = x'8100000001000000'");
	sql_table_fini(&t);
	buf_fini(&sql);
}

static void
what_is_ordered_otherwise_than_written_makes_no_pages(void **state)
{
	static const char *const letters[] = {"o", "b", "x"};

	(void)state;
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		struct sql_table t = table();

		column(&t, "A", letters[i], "1", "0");
		assert_int_equal(sql_table_ready(&t, true), ST_OK);
		assert_false(t.paged);
		sql_table_fini(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_table_has_a_name_and_no_schema),
	    cmocka_unit_test(padded_keys_are_compared_without_their_blanks),
	    cmocka_unit_test(rows_without_a_key_are_named_by_the_server),
	    cmocka_unit_test(
		what_is_ordered_otherwise_than_written_makes_no_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
