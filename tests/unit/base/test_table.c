#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/table.h"

#define MANY 5000

static int values[MANY];

static void
what_was_put_is_found_until_it_is_taken(void **state)
{
	struct table *t;
	char key[32];

	(void)state;
	assert_int_equal(table_open(MANY, &t), ST_OK);
	for (int i = 0; i < MANY; i++) {
		snprintf(key, sizeof(key), "key-%d", i);
		assert_int_equal(table_put(t, span_str(key), &values[i]),
				 ST_OK);
	}
	assert_int_equal(table_count(t), MANY);
	for (int i = 0; i < MANY; i += 2) {
		snprintf(key, sizeof(key), "key-%d", i);
		assert_ptr_equal(table_take(t, span_str(key)), &values[i]);
		assert_null(table_take(t, span_str(key)));
	}
	assert_int_equal(table_count(t), MANY / 2);
	for (int i = 0; i < MANY; i++) {
		snprintf(key, sizeof(key), "key-%d", i);
		assert_ptr_equal(table_find(t, span_str(key)),
				 i % 2 == 0 ? NULL : &values[i]);
	}
	table_close(t);
}

static void
numbers_and_bytes_are_different_keys(void **state)
{
	static const uint8_t seven[8] = {7};
	struct table *t;

	(void)state;
	assert_int_equal(table_open(10, &t), ST_OK);
	assert_int_equal(table_put_u64(t, 7, &values[0]), ST_OK);
	assert_null(table_find(t, span_of(seven, 8)));
	assert_int_equal(table_put(t, span_of(seven, 8), &values[1]), ST_OK);
	assert_int_equal(table_put(t, span_of(NULL, 0), &values[2]), ST_OK);
	assert_ptr_equal(table_find_u64(t, 7), &values[0]);
	assert_ptr_equal(table_find(t, span_of(seven, 8)), &values[1]);
	assert_ptr_equal(table_find(t, span_of(NULL, 0)), &values[2]);
	assert_ptr_equal(table_take_u64(t, 7), &values[0]);
	assert_null(table_find_u64(t, 7));
	table_close(t);
}

static void
past_the_cap_nothing_is_put_but_replacing_goes_on(void **state)
{
	struct table *t;

	(void)state;
	assert_int_equal(table_open(2, &t), ST_OK);
	assert_int_equal(table_put_u64(t, 1, &values[1]), ST_OK);
	assert_int_equal(table_put_u64(t, 2, &values[2]), ST_OK);
	assert_int_equal(table_put_u64(t, 3, &values[3]), ST_LIMIT);
	assert_int_equal(table_put_u64(t, 2, &values[4]), ST_OK);
	assert_ptr_equal(table_find_u64(t, 2), &values[4]);
	table_close(t);
}

static void
what_is_added_twice_keeps_its_first_value(void **state)
{
	static const char *const words[] = {"a", "b", "a", "", "b", ""};
	static const int first[] = {0, 1, 0, 3, 1, 3};
	struct table *t;

	(void)state;
	for (int lent = 0; lent < 2; lent++) {
		assert_int_equal(
		    lent ? table_open_lent(3, &t) : table_open(3, &t), ST_OK);
		for (int i = 0; i < 6; i++) {
			void *there;

			assert_int_equal(table_add(t, span_str(words[i]),
						   &values[i], &there),
					 ST_OK);
			assert_ptr_equal(there, &values[first[i]]);
		}
		assert_int_equal(
		    table_add(t, span_str("c"), &values[0], &(void *){NULL}),
		    ST_LIMIT);
		assert_ptr_equal(table_take(t, span_str("b")), &values[1]);
		assert_null(table_find(t, span_str("b")));
		table_close(t);
	}
}

static void
lent_keys_stay_where_they_are(void **state)
{
	static const char word[] = "word";
	struct table *t;
	struct span key;
	size_t at = 0;

	(void)state;
	assert_int_equal(table_open_lent(3, &t), ST_OK);
	assert_int_equal(table_put(t, span_str(word), &values[2]), ST_OK);
	assert_ptr_equal(table_next(t, &at, &key), &values[2]);
	assert_ptr_equal(key.ptr, word);
	table_close(t);
}

static void
coming_and_going_does_not_make_it_grow_for_ever(void **state)
{
	struct table *t;

	(void)state;
	assert_int_equal(table_open(4, &t), ST_OK);
	for (uint64_t i = 0; i < 100000; i++) {
		assert_int_equal(table_put_u64(t, i, &values[0]), ST_OK);
		assert_non_null(table_take_u64(t, i));
	}
	assert_int_equal(table_count(t), 0);
	assert_null(table_find_u64(t, 5));
	table_close(t);
}

static void
a_walk_meets_each_entry_once(void **state)
{
	struct table *t;
	size_t at = 0, seen = 0;
	struct span key;
	const int *v;

	(void)state;
	assert_int_equal(table_open(MANY, &t), ST_OK);
	for (uint64_t i = 0; i < 100; i++)
		assert_int_equal(table_put_u64(t, i, &values[i]), ST_OK);
	for (int i = 0; i < MANY; i++)
		values[i] = 0;
	while ((v = table_next(t, &at, &key)) != NULL) {
		assert_int_equal(key.len, 8);
		assert_ptr_equal(v, &values[key.ptr[0]]);
		assert_int_equal(values[key.ptr[0]]++, 0);
		assert_non_null(table_take_u64(t, key.ptr[0]));
		seen++;
	}
	assert_int_equal(seen, 100);
	assert_int_equal(table_count(t), 0);
	table_close(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_put_is_found_until_it_is_taken),
	    cmocka_unit_test(numbers_and_bytes_are_different_keys),
	    cmocka_unit_test(past_the_cap_nothing_is_put_but_replacing_goes_on),
	    cmocka_unit_test(what_is_added_twice_keeps_its_first_value),
	    cmocka_unit_test(lent_keys_stay_where_they_are),
	    cmocka_unit_test(coming_and_going_does_not_make_it_grow_for_ever),
	    cmocka_unit_test(a_walk_meets_each_entry_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
