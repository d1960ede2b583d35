#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/random.h"

static void
ids_are_positive_in_63_bits_and_differ(void **state)
{
	uint64_t last = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		uint64_t id = random_id();

		assert_true(id > 0 && id <= INT64_MAX);
		assert_true(id != last);
		last = id;
	}
}

static void
numbers_stay_below_and_reach_every_value(void **state)
{
	unsigned seen[7] = {0};

	(void)state;
	for (int i = 0; i < 7000; i++)
		seen[random_below(7)]++;
	/* Below 600 of 1,000 expected has a chance under 10^-40. */
	for (int i = 0; i < 7; i++)
		assert_true(seen[i] > 600);
	assert_int_equal(random_below(1), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ids_are_positive_in_63_bits_and_differ),
	    cmocka_unit_test(numbers_stay_below_and_reach_every_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
