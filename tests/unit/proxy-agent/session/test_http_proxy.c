#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "proxy-agent/session/http_proxy.h"

static void
a_proxy_is_not_asked_for_what_only_its_own_machine_may_reach(void **state)
{
	static const struct {
		const char *host, *home;
		bool allowed;
	} cases[] = {
	    {"site.example", "site.example", true},
	    {"other.example", "site.example", true},
	    {"198.51.100.7", "site.example", true},
	    {"2001:db8::7", "site.example", true},
	    {"169.254.169.254", "site.example", false},
	    {"169.254.169.254", "169.254.169.254", true},
	    {"127.0.0.1", "site.example", false},
	    {"127.0.0.1", "127.0.0.1", true},
	    {"::1", "site.example", false},
	    {"::ffff:169.254.169.254", "site.example", false},
	    {"localhost", "site.example", false},
	    {"localhost.", "site.example", false},
	    {"a.localhost", "site.example", false},
	    {"localhost", "localhost", true},
	    {"notlocalhost", "site.example", true},
	    {"metadata.google.internal", "site.example", false},
	    {"metadata.google.internal.", "site.example", false},
	    {"2852039166", "site.example", false},
	    {"0xa9.254.169.254", "site.example", false},
	    {"169.254.43518", "site.example", false},
	    {"1.example", "site.example", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *why = http_proxy_refuses(span_str(cases[i].host),
						     span_str(cases[i].home));

		if ((why == NULL) != cases[i].allowed)
			fail_msg("%s of %s", cases[i].host, cases[i].home);
	}
}

static void
only_the_address_of_a_proxy_is_one(void **state)
{
	static const struct {
		const char *url;
		bool good;
	} cases[] = {
	    {"http://proxy.example:3128", true},
	    {"https://proxy.example", true},
	    {"http://[2001:db8::1]:3128", true},
	    {"ftp://proxy.example", false},
	    {"proxy.example:3128", false},
	    {"http://", false},
	    {"http://ann:word@proxy.example", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct http_options o = {
		    .site = span_str("http://site.example/"),
		    .way = {.proxy = span_str(cases[i].url)},
		    .limits = http_limits_default,
		};
		struct http *h = NULL;

		assert_int_equal(http_open(&o, &h),
				 cases[i].good ? ST_OK : ST_USAGE);
		http_close(h);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_proxy_is_not_asked_for_what_only_its_own_machine_may_reach),
	    cmocka_unit_test(only_the_address_of_a_proxy_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
