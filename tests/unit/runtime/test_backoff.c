#include "runtime/backoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
the_wait_is_anywhere_below_a_bound_that_doubles(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		struct backoff b = {100, 1500, 0};
		static const uint64_t bounds[] = {100,  200,  400, 800,
						  1500, 1500, 1500};

		for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
			assert_in_range(backoff_next(&b, 0), 0, bounds[i]);
	}
}

static void
waits_are_spread(void **state)
{
	uint64_t low = UINT64_MAX, high = 0;

	(void)state;
	for (unsigned i = 0; i < 500; i++) {
		struct backoff b = {1000, 1000, 0};
		uint64_t ms = backoff_next(&b, 0);

		low = ms < low ? ms : low;
		high = ms > high ? ms : high;
	}
	assert_in_range(low, 0, 100);
	assert_in_range(high, 900, 1000);
}

static void
a_hint_is_the_least(void **state)
{
	struct backoff b = {100, 1000, 0};

	(void)state;
	assert_in_range(backoff_next(&b, 5000), 5000, 5100);
}

static void
after_success_it_begins_anew(void **state)
{
	struct backoff b = {100, 100000, 0};

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		(void)backoff_next(&b, 0);
	backoff_reset(&b);
	assert_in_range(backoff_next(&b, 0), 0, 100);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_wait_is_anywhere_below_a_bound_that_doubles),
	    cmocka_unit_test(waits_are_spread),
	    cmocka_unit_test(a_hint_is_the_least),
	    cmocka_unit_test(after_success_it_begins_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
