#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "fake/store_world.h"
#include "master/store/sql.h"

static int
with_table(void **state)
{
	struct store_world *w;

	if (world_setup(state) != 0)
		return -1;
	w = *state;
	return sql_script(w->store, "CREATE TABLE t (id INTEGER PRIMARY KEY,"
				    " name TEXT NOT NULL UNIQUE);"
				    "INSERT INTO t VALUES (1, 'a'), (2, 'b'),"
				    " (3, 'c')") == ST_OK
		   ? 0
		   : -1;
}

static const char count_rows[] = "SELECT count(*) FROM t WHERE id > ?";

static int64_t
count(struct store *s, int64_t above)
{
	struct sql q;
	int64_t n = -1;

	sql_open(&q, s, count_rows);
	sql_int(&q, above);
	assert_int_equal(sql_number(&q, &n), ST_OK);
	return n;
}

static void
a_statement_that_is_in_use_may_be_opened_once_more(void **state)
{
	static const char all[] = "SELECT id FROM t ORDER BY id";
	struct store_world *w = *state;
	struct sql outer, inner;
	int64_t sum = 0;

	sql_open(&outer, w->store, all);
	while (sql_step(&outer) == ST_OK) {
		sql_open(&inner, w->store, all);
		while (sql_step(&inner) == ST_OK)
			sum += 10 * sql_get(&outer, 0) + sql_get(&inner, 0);
		assert_int_equal(sql_close(&inner), ST_OK);
	}
	assert_int_equal(sql_close(&outer), ST_OK);
	assert_int_equal(sum, 3 * 10 * 6 + 3 * 6);
	/* What was bound before is forgotten. */
	assert_int_equal(count(w->store, 1), 2);
	assert_int_equal(count(w->store, 0), 3);
}

static void
the_first_trouble_of_a_chain_is_its_result(void **state)
{
	struct store_world *w = *state;
	struct sql q;

	sql_open(&q, w->store, "SELECT id FROM t WHERE id = ? OR id = ?");
	sql_num(&q, UINT64_MAX); /* more than a column holds */
	sql_int(&q, 1);
	assert_int_equal(sql_step(&q), ST_LIMIT);
	assert_int_equal(sql_close(&q), ST_LIMIT);
	assert_int_equal(count(w->store, 2), 1); /* the next one is good */
}

static void
a_change_of_nothing_and_a_row_that_is_there_are_said(void **state)
{
	struct store_world *w = *state;
	struct sql q;
	uint64_t id = 0;

	sql_open(&q, w->store, "UPDATE t SET name = 'z' WHERE id = ?");
	sql_int(&q, 3);
	assert_int_equal(sql_change(&q), ST_OK);
	sql_open(&q, w->store, "DELETE FROM t WHERE id = ?");
	sql_int(&q, 99);
	assert_int_equal(sql_change(&q), ST_NOTFOUND);
	sql_open(&q, w->store, "INSERT INTO t (name) VALUES (?)");
	sql_text(&q, span_str("d"));
	assert_int_equal(sql_insert(&q, &id), ST_OK);
	assert_int_equal(id, 4);
	sql_open(&q, w->store, "INSERT INTO t (name) VALUES (?)");
	sql_text(&q, span_str("d"));
	assert_int_equal(sql_insert(&q, &id), ST_EXISTS);
	assert_int_equal(id, 4);
}

static void
one_number_is_there_or_is_not(void **state)
{
	struct store_world *w = *state;
	uint64_t id = 9;

	assert_int_equal(sql_number_of(w->store,
				       "SELECT id + 40 FROM t WHERE id = ?", 2,
				       &id),
			 ST_OK);
	assert_int_equal(id, 42);
	assert_int_equal(sql_number_of(w->store,
				       "SELECT id + 40 FROM t WHERE id = ?", 99,
				       &id),
			 ST_NOTFOUND);
}

static void
bytes_and_texts_come_back_as_they_went(void **state)
{
	static const uint8_t bytes[] = {0, 0xff, '\'', 0, 'x'};
	struct store_world *w = *state;
	struct sql q;

	sql_open(&q, w->store, "SELECT ?, ?, ?, ?");
	sql_blob(&q, span_of(bytes, sizeof(bytes)));
	sql_text(&q, span_str(""));
	sql_blob(&q, span_of(NULL, 0));
	sql_null(&q);
	assert_int_equal(sql_step(&q), ST_OK);
	assert_true(
	    span_eq(sql_get_span(&q, 0), span_of(bytes, sizeof(bytes))));
	/* Empty is not the same as not there. */
	assert_false(sql_is_null(&q, 1));
	assert_false(sql_is_null(&q, 2));
	assert_true(sql_is_null(&q, 3));
	assert_int_equal(sql_close(&q), ST_OK);
}

static void
a_query_that_takes_too_long_is_given_up(void **state)
{
	static const char endless[] =
	    "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
	    " SELECT count(*) FROM n";
	struct store_world *w = *state;
	struct sql q;
	int64_t n = 0;

	store_limit(w->store, 20);
	sql_open(&q, w->store, endless);
	assert_int_equal(sql_number(&q, &n), ST_TIMEOUT);
	store_limit(w->store, 0);
	assert_int_equal(count(w->store, 0), 3);
}

#define T(f) cmocka_unit_test_setup_teardown(f, with_table, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_statement_that_is_in_use_may_be_opened_once_more),
	    T(the_first_trouble_of_a_chain_is_its_result),
	    T(a_change_of_nothing_and_a_row_that_is_there_are_said),
	    T(one_number_is_there_or_is_not),
	    T(bytes_and_texts_come_back_as_they_went),
	    T(a_query_that_takes_too_long_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
