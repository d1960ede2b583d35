#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "proxy-agent/source/turns.h"

static enum status
take(struct turns *t, unsigned page)
{
	char name[16];

	snprintf(name, sizeof(name), "page %u", page);
	return turns_take(t, 1, span_str(name));
}

static void
pages_that_only_go_on_are_taken(void **state)
{
	struct turns t;

	(void)state;
	turns_init(&t);
	for (unsigned i = 0; i < 10000; i++)
		assert_int_equal(take(&t, i), ST_OK);
	assert_int_equal(turns_take(&t, 0, span_of(NULL, 0)), ST_OK);
	turns_fini(&t);
}

/* The first pages lead into the circle and are not in it. */
static void
a_circle_of_any_length_is_noticed(void **state)
{
	(void)state;
	for (unsigned before = 0; before < 20; before++)
		for (unsigned round = 1; round < 20; round++) {
			unsigned asked = 0, page = 0;
			struct turns t;

			turns_init(&t);
			while (take(&t, page) == ST_OK) {
				asked++;
				page = page + 1 == before + round ? before
								  : page + 1;
			}
			assert_true(asked >= round);
			assert_true(asked <= 3 * (before + round));
			turns_fini(&t);
		}
}

static void
another_list_may_have_the_same_pages(void **state)
{
	struct turns t;

	(void)state;
	turns_init(&t);
	assert_int_equal(take(&t, 1), ST_OK);
	turns_begin(&t);
	assert_int_equal(take(&t, 1), ST_OK);
	assert_int_equal(take(&t, 1), ST_MALFORMED);
	turns_fini(&t);
}

static void
a_name_beyond_the_limit_is_not_kept(void **state)
{
	static const uint8_t name[TURNS_NAME + 1];
	struct turns t;

	(void)state;
	turns_init(&t);
	assert_int_equal(turns_take(&t, 1, span_of(name, sizeof(name))),
			 ST_LIMIT);
	turns_fini(&t);
}

static void
pages_that_hold_nothing_are_taken_so_many_times(void **state)
{
	char name[16] = {0};
	enum status st = ST_OK;
	struct turns t;
	unsigned n = 0;

	(void)state;
	turns_init(&t);
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < TURNS_EMPTY; i++) {
			snprintf(name, sizeof(name), "%u", n++);
			assert_int_equal(turns_take(&t, 0, span_str(name)),
					 ST_OK);
		}
		assert_int_equal(take(&t, n++), ST_OK); /* one holds some */
	}
	while (st == ST_OK && n < 10 * TURNS_EMPTY) {
		snprintf(name, sizeof(name), "%u", n++);
		st = turns_take(&t, 0, span_str(name));
	}
	assert_int_equal(st, ST_MALFORMED);
	assert_int_equal(n, 3 * TURNS_EMPTY + 3);
	turns_begin(&t); /* another list */
	assert_int_equal(turns_take(&t, 0, span_str(name)), ST_OK);
	turns_fini(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pages_that_only_go_on_are_taken),
	    cmocka_unit_test(a_circle_of_any_length_is_noticed),
	    cmocka_unit_test(another_list_may_have_the_same_pages),
	    cmocka_unit_test(pages_that_hold_nothing_are_taken_so_many_times),
	    cmocka_unit_test(a_name_beyond_the_limit_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
