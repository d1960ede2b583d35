#include "extract/mail/pstcrypt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

static void
the_substitution_is_one_to_one(void **state)
{
	uint8_t plain[256];
	unsigned seen[256] = {0};

	(void)state;
	pstcrypt_table(plain);
	for (unsigned i = 0; i < 256; i++)
		seen[plain[i]]++;
	for (unsigned i = 0; i < 256; i++)
		assert_int_equal(seen[i], 1);
}

static void
hidden_text_becomes_readable(void **state)
{
	static const char text[] = "card 4111 1111 1111 1111";
	static const uint8_t permuted[] = {0x98, 0x4a, 0x06, 0xfa, 0x4c, 0xc8,
					   0x3b, 0x3b, 0x3b, 0x4c, 0x3b, 0x3b,
					   0x3b, 0x3b, 0x4c, 0x3b, 0x3b, 0x3b,
					   0x3b, 0x4c, 0x3b, 0x3b, 0x3b, 0x3b};
	static const uint8_t cyclic[] = {0x53, 0x2f, 0x36, 0x57, 0x53, 0xe0,
					 0x48, 0x6d, 0xdd, 0x1d, 0x15, 0xcc,
					 0x02, 0x72, 0xc7, 0xe5, 0x08, 0xb5,
					 0x43, 0x81, 0xfd, 0x1f, 0xae, 0xe4};
	uint8_t plain[256], dst[sizeof(permuted)];

	(void)state;
	pstcrypt_table(plain);
	memcpy(dst, permuted, sizeof(dst));
	pstcrypt_permute(plain, dst, sizeof(dst));
	assert_memory_equal(dst, text, sizeof(dst));
	memcpy(dst, cyclic, sizeof(dst));
	pstcrypt_cyclic(plain, dst, sizeof(dst), 0x12345678);
	assert_memory_equal(dst, text, sizeof(dst));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_substitution_is_one_to_one),
	    cmocka_unit_test(hidden_text_becomes_readable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
