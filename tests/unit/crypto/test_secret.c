#include "crypto/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/random.h"

static void
equal_means_every_byte(void **state)
{
	uint8_t a[32], b[32];

	(void)state;
	random_bytes(a, sizeof(a));
	memcpy(b, a, sizeof(a));
	assert_true(secret_equal(a, b, sizeof(a)));
	for (size_t i = 0; i < sizeof(a); i++) {
		b[i] ^= 0x80;
		assert_false(secret_equal(a, b, sizeof(a)));
		assert_true(secret_equal(a, b, i)); /* up to there */
		b[i] ^= 0x80;
	}
}

static void
wiping_leaves_zeros_and_stays_within_its_bytes(void **state)
{
	uint8_t a[64];

	(void)state;
	for (size_t n = 0; n < sizeof(a); n++) {
		memset(a, 0xa5, sizeof(a));
		secret_wipe(a, n);
		for (size_t i = 0; i < sizeof(a); i++)
			assert_int_equal(a[i], i < n ? 0 : 0xa5);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(equal_means_every_byte),
	    cmocka_unit_test(wiping_leaves_zeros_and_stays_within_its_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
