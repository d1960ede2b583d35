#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/bcrypt.h"

/* The first of those that come with OpenBSD's bcrypt_pbkdf(3). */
static void
its_key_is_that_of_others(void **state)
{
	static const uint8_t want[32] = {
	    0x5b, 0xbf, 0x0c, 0xc2, 0x93, 0x58, 0x7f, 0x1c, 0x36, 0x35, 0x55,
	    0x5c, 0x27, 0x79, 0x65, 0x98, 0xd4, 0x7e, 0x57, 0x90, 0x71, 0xbf,
	    0x42, 0x7e, 0x9d, 0x8f, 0xbe, 0x84, 0x2a, 0xba, 0x34, 0xd9};
	uint8_t got[32];

	(void)state;
	assert_int_equal(bcrypt_key(span_str("password"), span_str("salt"), 4,
				    got, sizeof(got)),
			 ST_OK);
	assert_memory_equal(got, want, sizeof(want));
}

static void
work_without_end_is_refused(void **state)
{
	uint8_t got[BCRYPT_BYTES];

	(void)state;
	assert_int_equal(bcrypt_key(span_str("a"), span_str("b"),
				    BCRYPT_ROUNDS + 1, got, sizeof(got)),
			 ST_LIMIT);
	assert_int_equal(
	    bcrypt_key(span_str("a"), span_str("b"), 1, got, BCRYPT_BYTES + 1),
	    ST_LIMIT);
	assert_int_equal(
	    bcrypt_key(span_str(""), span_str("b"), 1, got, sizeof(got)),
	    ST_USAGE);
	assert_int_equal(
	    bcrypt_key(span_str("a"), span_str("b"), 0, got, sizeof(got)),
	    ST_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(its_key_is_that_of_others),
	    cmocka_unit_test(work_without_end_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
