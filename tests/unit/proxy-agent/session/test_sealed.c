#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxy-agent/session/sealed.h"

static void
key_of(const char *secret, struct vault *out)
{
	uint8_t room[64];
	size_t n = 0;

	assert_int_equal(pairs_add(room, sizeof(room), &n,
				   span_str("client_secret"), span_str(secret)),
			 ST_OK);
	assert_int_equal(sealed_key((struct pairs){span_of(room, n)}, out),
			 ST_OK);
}

static void
who_has_the_credential_reads_it_and_nobody_else(void **state)
{
	static const char text[] = "made-up name";
	uint8_t once[SEALED_HEAD + sizeof(text)], b[sizeof(once)];
	struct vault key, same, other;

	(void)state;
	key_of("s", &key);
	key_of("s", &same);
	key_of("t", &other);
	memcpy(once + SEALED_HEAD, text, sizeof(text));
	sealed_shut(&key, once, sizeof(once));
	assert_null(memmem(once, sizeof(once), "made", 4));
	memcpy(b, once, sizeof(b));
	assert_int_equal(sealed_open(&same, b, sizeof(b)), ST_OK);
	assert_memory_equal(b + SEALED_HEAD, text, sizeof(text));
	memcpy(b, once, sizeof(b));
	assert_int_equal(sealed_open(&other, b, sizeof(b)), ST_MALFORMED);
	b[SEALED_HEAD] ^= 1;
	assert_int_equal(sealed_open(&key, b, sizeof(b)), ST_MALFORMED);
	assert_int_equal(sealed_open(&key, b, SEALED_HEAD - 1), ST_MALFORMED);
	vault_close(&key);
	vault_close(&same);
	vault_close(&other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_has_the_credential_reads_it_and_nobody_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
