#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "proxy-agent/source/sql/list.h"

static void
add(struct sql_list *l, const char *database, const char *schema,
    const char *name)
{
	assert_int_equal(
	    sql_list_add(l, database, span_str(schema), span_str(name), 't'),
	    ST_OK);
}

static void
tables_stand_in_bytewise_order_whatever_the_server_thinks(void **state)
{
	struct sql_list l = {0};

	(void)state;
	add(&l, "d", "s", "b");
	add(&l, "d", "s", "B");
	add(&l, "d", "S", "z");
	add(&l, "c", "x", "y");
	sql_list_sort(&l);
	assert_string_equal(l.entries[0].name, "y");
	assert_string_equal(l.entries[1].name, "z");
	assert_string_equal(l.entries[2].name, "B");
	assert_string_equal(l.entries[3].name, "b");
	sql_list_fini(&l);
}

static void
a_position_holds_when_its_table_is_gone(void **state)
{
	struct sql_list l = {0};
	struct buf at;

	(void)state;
	buf_init(&at, 64);
	add(&l, "", "s", "a");
	add(&l, "", "s", "b");
	add(&l, "", "s", "d");
	assert_int_equal(sql_entry_cursor(&l.entries[1], &at), ST_OK);
	assert_int_equal(sql_list_behind(&l, buf_span(&at)), 2);
	assert_int_equal(sql_list_behind(&l, span_of("\0s\0c", 4)), 2);
	assert_int_equal(sql_list_behind(&l, span_of("\0s\0d", 4)), 3);
	assert_int_equal(sql_list_behind(&l, span_of(NULL, 0)), 0);
	buf_fini(&at);
	sql_list_fini(&l);
}

static void
a_name_that_would_be_cut_is_refused(void **state)
{
	struct sql_list l = {0};

	(void)state;
	assert_int_not_equal(
	    sql_list_add(&l, "", span_str("s"), span_of("a\0b", 3), 't'),
	    ST_OK);
	assert_int_equal(l.count, 0);
	sql_list_fini(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		tables_stand_in_bytewise_order_whatever_the_server_thinks),
	    cmocka_unit_test(a_position_holds_when_its_table_is_gone),
	    cmocka_unit_test(a_name_that_would_be_cut_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
