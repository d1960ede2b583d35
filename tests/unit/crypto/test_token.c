#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "crypto/token.h"

#define PIN    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define SECRET "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"

static const struct {
	const char *text, *host;
	uint16_t port;
} good[] = {
    {"trawl1:master.example:11117:" PIN ":" SECRET, "master.example", 11117},
    {"trawl1:192.0.2.7:1:" PIN ":" SECRET, "192.0.2.7", 1},
    {"trawl1:[2001:db8::1]:65535:" PIN ":" SECRET, "2001:db8::1", 65535},
    {"trawl1:[::1]:443:" PIN ":" SECRET, "::1", 443},
};

static void
token_is_read_and_written_back_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct token t;
		char text[TOKEN_TEXT_MAX];

		assert_int_equal(token_parse(span_str(good[i].text), &t),
				 ST_OK);
		assert_string_equal(t.host, good[i].host);
		assert_int_equal(t.port, good[i].port);
		assert_int_equal(t.pin[31], 0x1f);
		assert_int_equal(t.secret[15], 0xff);
		assert_int_equal(token_format(&t, text), ST_OK);
		assert_string_equal(text, good[i].text);
	}
}

static void
anything_else_is_no_token(void **state)
{
	static const char *const bad[] = {
	    "",
	    "trawl1:",
	    "trawl2:master.example:11117:" PIN ":" SECRET,
	    "TRAWL1:master.example:11117:" PIN ":" SECRET,
	    "trawl1::11117:" PIN ":" SECRET,
	    "trawl1:master.example:" PIN ":" SECRET,
	    "trawl1:master.example:0:" PIN ":" SECRET,
	    "trawl1:master.example:011117:" PIN ":" SECRET,
	    "trawl1:master.example:+11117:" PIN ":" SECRET,
	    "trawl1:master.example:65536:" PIN ":" SECRET,
	    "trawl1:master.example:11117:" PIN ":" SECRET " ",
	    " trawl1:master.example:11117:" PIN ":" SECRET,
	    "trawl1:master.example:11117:" PIN ":" SECRET ":",
	    "trawl1:master.example:11117:" PIN "0:" SECRET,
	    "trawl1:master.example:11117:" PIN ":0" SECRET,
	    "trawl1:master.example:11117:" PIN
	    ":F0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF",
	    "trawl1:master..example:11117:" PIN ":" SECRET,
	    "trawl1:.example:11117:" PIN ":" SECRET,
	    "trawl1:example.:11117:" PIN ":" SECRET,
	    "trawl1:a b:11117:" PIN ":" SECRET,
	    "trawl1:2001:db8::1:11117:" PIN ":" SECRET,
	    "trawl1:[2001:db8::1:11117:" PIN ":" SECRET,
	    "trawl1:[192.0.2.7]:11117:" PIN ":" SECRET,
	    "trawl1:[fe80::1%eth0]:11117:" PIN ":" SECRET,
	    "trawl1:[]:11117:" PIN ":" SECRET,
	};
	struct token t;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (token_parse(span_str(bad[i]), &t) != ST_MALFORMED)
			fail_msg("taken for a token: \"%s\"", bad[i]);
}

static void
labels_of_a_host_are_at_most_63_long(void **state)
{
	char host[80];
	char got[TOKEN_HOST_MAX + 1];
	uint16_t port;

	(void)state;
	memset(host, 'a', 63);
	host[63] = '\0';
	assert_int_equal(token_address(span_str(host), got, sizeof(got), &port),
			 ST_OK);
	assert_int_equal(port, 0);
	host[63] = 'a';
	host[64] = '\0';
	assert_int_equal(token_address(span_str(host), got, sizeof(got), &port),
			 ST_MALFORMED);
}

static void
address_that_does_not_fit_is_refused(void **state)
{
	char got[4];
	uint16_t port;

	(void)state;
	assert_int_equal(token_address(span_str("abc:1"), got, 4, &port),
			 ST_OK);
	assert_int_equal(token_address(span_str("abcd:1"), got, 4, &port),
			 ST_LIMIT);
}

static void
token_of_no_host_or_no_port_is_not_written(void **state)
{
	struct token t = {.host = "a", .port = 0};
	char text[TOKEN_TEXT_MAX];

	(void)state;
	assert_int_equal(token_format(&t, text), ST_USAGE);
	t.port = 1;
	assert_int_equal(token_format(&t, text), ST_OK);
	t.host[0] = ':';
	assert_int_equal(token_format(&t, text), ST_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(token_is_read_and_written_back_the_same),
	    cmocka_unit_test(anything_else_is_no_token),
	    cmocka_unit_test(labels_of_a_host_are_at_most_63_long),
	    cmocka_unit_test(address_that_does_not_fit_is_refused),
	    cmocka_unit_test(token_of_no_host_or_no_port_is_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
