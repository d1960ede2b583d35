#include "crypto/mac.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

/* Test case 2 of RFC 4231, first bytes. */
static void
macs_are_those_of_rfc_4231(void **state)
{
	static const uint8_t want[4] = {0x5b, 0xdc, 0xc1, 0x46};
	struct mac *m = NULL;
	uint8_t got[HASH_LEN];

	(void)state;
	assert_int_equal(mac_open(span_str("Jefe"), &m), ST_OK);
	mac_of(m, span_str("what do ya want for nothing?"), got);
	assert_memory_equal(got, want, 4);
	mac_close(m);
}

static void
a_key_serves_any_number_of_messages_like_the_one_shot_call(void **state)
{
	uint8_t key[32], text[200], want[HASH_LEN], got[HASH_LEN];
	struct mac *m = NULL;

	(void)state;
	memset(key, 0x5a, sizeof(key));
	memset(text, 0xc3, sizeof(text));
	assert_int_equal(mac_open(span_of(key, sizeof(key)), &m), ST_OK);
	for (size_t n = 0; n <= sizeof(text); n++) {
		hash_hmac(span_of(key, sizeof(key)), span_of(text, n), want);
		mac_of(m, span_of(text, n), got);
		assert_memory_equal(got, want, HASH_LEN);
	}
	mac_close(m);
	mac_close(NULL);
}

static void
a_key_of_any_length_is_worked_in_like_the_one_shot_call(void **state)
{
	uint8_t key[140], want[HASH_LEN], got[HASH_LEN];

	(void)state;
	memset(key, 0xa5, sizeof(key));
	for (size_t n = 0; n <= sizeof(key); n++) {
		struct mac *m = NULL;

		hash_hmac(span_of(key, n), span_str("words"), want);
		assert_int_equal(mac_open(span_of(key, n), &m), ST_OK);
		mac_of(m, span_str("words"), got);
		assert_memory_equal(got, want, HASH_LEN);
		mac_close(m);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(macs_are_those_of_rfc_4231),
	    cmocka_unit_test(
		a_key_serves_any_number_of_messages_like_the_one_shot_call),
	    cmocka_unit_test(
		a_key_of_any_length_is_worked_in_like_the_one_shot_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
