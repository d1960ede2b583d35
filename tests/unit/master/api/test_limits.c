#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "master/api/limits.h"

#define SECOND UINT64_C(1000000)

struct fixture {
	struct clock_fake clock;
	struct limits *limits;
};

static void
make(struct fixture *f)
{
	clock_fake_init(&f->clock, INT64_C(1700000000) * 1000000);
	clock_fake_pass(&f->clock, 1000 * SECOND);
	assert_int_equal(limits_open(&f->clock.clock, &f->limits), ST_OK);
}

static void
ten_sign_ins_are_free_and_then_one_each_half_minute(void **state)
{
	struct fixture f;
	unsigned wait = 0;

	(void)state;
	make(&f);
	for (unsigned i = 0; i < 10; i++)
		assert_true(limits_take(f.limits, LIMIT_SIGN_IN,
					span_str("192.0.2.1"), &wait));
	assert_false(
	    limits_take(f.limits, LIMIT_SIGN_IN, span_str("192.0.2.1"), &wait));
	assert_int_equal(wait, 30);
	/* Another address and another kind are free. */
	assert_true(
	    limits_take(f.limits, LIMIT_SIGN_IN, span_str("192.0.2.2"), &wait));
	assert_true(
	    limits_take(f.limits, LIMIT_SET_UP, span_str("192.0.2.1"), &wait));
	clock_fake_pass(&f.clock, 29 * SECOND);
	assert_false(
	    limits_take(f.limits, LIMIT_SIGN_IN, span_str("192.0.2.1"), &wait));
	assert_int_equal(wait, 1);
	clock_fake_pass(&f.clock, SECOND);
	assert_true(
	    limits_take(f.limits, LIMIT_SIGN_IN, span_str("192.0.2.1"), &wait));
	assert_false(
	    limits_take(f.limits, LIMIT_SIGN_IN, span_str("192.0.2.1"), &wait));
	limits_close(f.limits);
}

static void
wrong_passwords_double_the_wait_up_to_fifteen_minutes(void **state)
{
	static const unsigned want[] = {0,   0,   0,   0,   0,   1,
					2,   4,   8,   16,  32,  64,
					128, 256, 512, 900, 900, 900};
	struct span name = span_str("Anna");
	struct fixture f;

	(void)state;
	make(&f);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		limits_account_failed(f.limits, name);
		assert_int_equal(limits_account_wait(f.limits, name), want[i]);
		clock_fake_pass(&f.clock, want[i] * SECOND);
		assert_int_equal(limits_account_wait(f.limits, name), 0);
	}
	/* The same person in other letters; somebody else does not wait. */
	limits_account_failed(f.limits, name);
	assert_int_equal(limits_account_wait(f.limits, span_str("anna")), 900);
	assert_int_equal(limits_account_wait(f.limits, span_str("bert")), 0);
	limits_account_good(f.limits, name);
	assert_int_equal(limits_account_wait(f.limits, name), 0);
	limits_account_failed(f.limits, name);
	assert_int_equal(limits_account_wait(f.limits, name), 0);
	limits_close(f.limits);
}

static void
the_keys_that_are_remembered_are_bounded(void **state)
{
	struct fixture f;
	unsigned wait = 0;
	char key[32];

	(void)state;
	make(&f);
	for (unsigned i = 0; i < 11; i++)
		(void)limits_take(f.limits, LIMIT_SIGN_IN, span_str("first"),
				  &wait);
	assert_false(
	    limits_take(f.limits, LIMIT_SIGN_IN, span_str("first"), &wait));
	for (unsigned i = 0; i < LIMITS_MAX; i++) {
		snprintf(key, sizeof(key), "address %u", i);
		assert_true(
		    limits_take(f.limits, LIMIT_SIGN_IN, span_str(key), &wait));
	}
	/* The one that was quiet the longest is forgotten. */
	assert_true(
	    limits_take(f.limits, LIMIT_SIGN_IN, span_str("first"), &wait));
	limits_close(f.limits);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		ten_sign_ins_are_free_and_then_one_each_half_minute),
	    cmocka_unit_test(
		wrong_passwords_double_the_wait_up_to_fifteen_minutes),
	    cmocka_unit_test(the_keys_that_are_remembered_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
