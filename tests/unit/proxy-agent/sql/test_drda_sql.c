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
#include "proxy-agent/sql/drda_sql.h"

static void
column(struct sql_table *t, const char *name, const char *letter,
       const char *place, const char *large)
{
	const struct span cell[] = {span_str(name), span_str(letter),
				    span_str(place), span_str(large)};

	assert_int_equal(sql_table_column(t, cell), ST_OK);
}

static void
a_server_is_known_by_what_it_says_that_it_is(void **state)
{
	static const struct {
		const char *class;
		const struct sql_dialect *want;
	} cases[] = {
	    {"Apache Derby", &derby_dialect},
	    {"QDB2/LINUXX8664", &db2_dialect},
	    {"QDB2/NT64", &db2_dialect},
	    {"QDB2", NULL}, /* of z/OS, whose catalogue is another */
	    {"QAS", NULL},
	    {"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_ptr_equal(drda_dialect(cases[i].class), cases[i].want);
}

static void
a_table_is_one_statement_of_derby_and_pages_of_db2(void **state)
{
	static const struct {
		const struct sql_dialect *dialect;
		bool paged;
		uint32_t large;
	} cases[] = {{&derby_dialect, false, 0}, {&db2_dialect, true, 2}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sql_table t = {.dialect = cases[i].dialect,
				      .database = "d",
				      .schema = "s",
				      .name = "t"};
		uint32_t large = 0;

		column(&t, "id", "n", "1", "0");
		column(&t, "text", "t", "0", "1");
		column(&t, "file", "b", "0", "1");
		assert_int_equal(sql_table_ready(&t, false), ST_OK);
		assert_int_equal(t.paged, cases[i].paged);
		for (uint32_t k = 0; k < t.count; k++)
			large += t.columns[k].large;
		assert_int_equal(large, cases[i].large);
		sql_table_fini(&t);
	}
}

static void
a_large_cell_is_found_again_by_every_part_of_a_key(void **state)
{
	const struct span row[] = {span_of("A\0", 2), span_str("O'Neill"),
				   span_str("-0.500"),
				   span_str("2020-01-31 10:11:12.5")};
	struct sql_table t = {.dialect = &db2_dialect,
			      .database = "d",
			      .schema = "s",
			      .name = "t"};
	struct buf sql;

	(void)state;
	buf_init(&sql, 4096);
	column(&t, "b", "b", "1", "0");
	column(&t, "t", "t", "2", "0");
	column(&t, "n", "n", "3", "0");
	column(&t, "d", "d", "4", "0");
	assert_int_equal(sql_table_ready(&t, false), ST_OK);
	assert_int_equal(sql_statement_where(&sql, &t, row), ST_OK);
	assert_int_equal(buf_add_byte(&sql, 0), ST_OK);
	assert_string_equal((const char *)sql.data,
			    "\"b\" = X'4100' AND \"t\" = 'O''Neill' AND "
			    "\"n\" = -0.500 AND "
			    "\"d\" = '2020-01-31 10:11:12.5'");
	sql_table_fini(&t);
	buf_fini(&sql);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_server_is_known_by_what_it_says_that_it_is),
	    cmocka_unit_test(
		a_table_is_one_statement_of_derby_and_pages_of_db2),
	    cmocka_unit_test(
		a_large_cell_is_found_again_by_every_part_of_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
