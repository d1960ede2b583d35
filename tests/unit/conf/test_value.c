#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "conf/conf.h"
#include "conf/value.h"

static void
an_address_has_a_host_or_any_and_a_port(void **state)
{
	static const struct {
		const char *text;
		enum status want;
		const char *host;
		uint16_t port;
	} cases[] = {
	    {"443", ST_OK, "", 443},
	    {":443", ST_OK, "", 443},
	    {"*:443", ST_OK, "", 443},
	    {"127.0.0.1:8443", ST_OK, "127.0.0.1", 8443},
	    {"localhost:0", ST_OK, "localhost", 0},
	    {"[::1]:8443", ST_OK, "::1", 8443},
	    {"[::]:65535", ST_OK, "::", 65535},
	    {"[::1]", ST_MALFORMED, "", 0},
	    {"[::1", ST_MALFORMED, "", 0},
	    {"::1:443", ST_MALFORMED, "", 0},
	    {"host:65536", ST_MALFORMED, "", 0},
	    {"host:", ST_MALFORMED, "", 0},
	    {"host", ST_MALFORMED, "", 0},
	    {"", ST_MALFORMED, "", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct conf_address a = {.port = 7};

		assert_int_equal(conf_address(cases[i].text, &a),
				 cases[i].want);
		if (cases[i].want != ST_OK) {
			assert_int_equal(a.port, 7);
			continue;
		}
		assert_string_equal(a.host, cases[i].host);
		assert_int_equal(a.port, cases[i].port);
	}
}

struct one {
	char text[8];
	char address[16];
};

static void
a_text_that_is_too_long_is_not_cut(void **state)
{
	static const struct conf_setting set = {
	    "text", CONF_TEXT, CONF_AT(struct one, text), .help = "x"};
	struct one o = {.text = "before"};

	(void)state;
	assert_int_equal(value_read(&set, span_str("12345678"), &o), ST_LIMIT);
	assert_int_equal(value_read(&set, span_of("a\0b", 3), &o),
			 ST_MALFORMED);
	assert_string_equal(o.text, "before");
	assert_int_equal(value_read(&set, span_str("1234567"), &o), ST_OK);
	assert_string_equal(o.text, "1234567");
}

static void
an_address_is_empty_only_when_the_default_is(void **state)
{
	static const struct conf_setting must_have = {
	    "a", CONF_ADDRESS, CONF_AT(struct one, address), .fallback = ":80",
	    .help = "x"};
	static const struct conf_setting may_lack = {
	    "a", CONF_ADDRESS, CONF_AT(struct one, address), .help = "x"};
	struct one o = {.address = ":1"};

	(void)state;
	assert_int_equal(value_read(&must_have, span_str(""), &o),
			 ST_MALFORMED);
	assert_string_equal(o.address, ":1");
	assert_int_equal(value_read(&may_lack, span_str(""), &o), ST_OK);
	assert_string_equal(o.address, "");
}

static void
a_mistyped_key_finds_its_neighbour(void **state)
{
	static const struct conf_setting sets[] = {
	    {"agents", CONF_TEXT, CONF_AT(struct one, text), .help = "x"},
	    {"data", CONF_TEXT, CONF_AT(struct one, text), .help = "x"},
	};
	static const struct conf_schema schema = {"x", sets, 2};

	(void)state;
	assert_string_equal(value_nearest(&schema, span_str("agent")),
			    "agents");
	assert_string_equal(value_nearest(&schema, span_str("dtaa")), "data");
	assert_null(value_nearest(&schema, span_str("heartbeat")));
	assert_null(value_nearest(&schema, span_str("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_address_has_a_host_or_any_and_a_port),
	    cmocka_unit_test(a_text_that_is_too_long_is_not_cut),
	    cmocka_unit_test(an_address_is_empty_only_when_the_default_is),
	    cmocka_unit_test(a_mistyped_key_finds_its_neighbour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
