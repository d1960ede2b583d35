#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sys/throttle.h"

static void
without_a_rate_nobody_waits(void **state)
{
	struct clock_fake f;
	struct throttle t;

	(void)state;
	clock_fake_init(&f, 0);
	throttle_init(&t, &f.clock, 0, 0);
	assert_int_equal(throttle_take(&t, UINT64_MAX), 0);
	assert_int_equal(throttle_wait(&t), 0);
}

static void
the_rate_is_kept_over_time(void **state)
{
	enum { RATE = 1000000 };
	struct clock_fake f;
	struct throttle t;
	uint64_t taken = 0, waited_ms = 0;

	(void)state;
	clock_fake_init(&f, 0);
	throttle_init(&t, &f.clock, RATE, 70000);
	while (waited_ms < 10000) {
		uint64_t ms = throttle_take(&t, 65536);

		taken += 65536;
		clock_fake_pass(&f, ms * 1000);
		waited_ms += ms;
	}
	/* Ten seconds' worth, give or take a burst and a block. */
	assert_in_range(taken, 9 * RATE, 10 * RATE + 70000 + 65536);
}

static void
a_burst_is_free_and_debt_is_paid(void **state)
{
	struct clock_fake f;
	struct throttle t;

	(void)state;
	clock_fake_init(&f, 0);
	throttle_init(&t, &f.clock, 1000, 500);
	assert_int_equal(throttle_take(&t, 500), 0);
	assert_int_equal(throttle_take(&t, 1000), 1000);
	clock_fake_pass(&f, 400000);
	assert_int_equal(throttle_wait(&t), 600);
	clock_fake_pass(&f, 600000);
	assert_int_equal(throttle_wait(&t), 0);
	/* Time without work does not pile up beyond the burst. */
	clock_fake_pass(&f, UINT64_C(3600000000));
	assert_int_equal(throttle_take(&t, 500), 0);
	assert_true(throttle_take(&t, 100) > 0);
}

static void
the_rate_may_change_on_the_way(void **state)
{
	struct clock_fake f;
	struct throttle t;

	(void)state;
	clock_fake_init(&f, 0);
	throttle_init(&t, &f.clock, 100000, 0);
	assert_true(throttle_take(&t, 10000000) > 90000);
	throttle_rate(&t, 0);
	assert_int_equal(throttle_wait(&t), 0);
	throttle_rate(&t, UINT64_MAX);
	clock_fake_pass(&f, 1000);
	assert_int_equal(throttle_wait(&t), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(without_a_rate_nobody_waits),
	    cmocka_unit_test(the_rate_is_kept_over_time),
	    cmocka_unit_test(a_burst_is_free_and_debt_is_paid),
	    cmocka_unit_test(the_rate_may_change_on_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
