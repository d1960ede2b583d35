#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "proxy-agent/session/guard.h"

static bool
allowed(const char *address, const char *home, const char *host)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	struct sockaddr_storage any = {0};

	if (inet_pton(AF_INET, address, &v4.sin_addr) == 1) {
		memcpy(&any, &v4, sizeof(v4));
	} else {
		assert_int_equal(inet_pton(AF_INET6, address, &v6.sin6_addr),
				 1);
		memcpy(&any, &v6, sizeof(v6));
	}
	return guard_refuses((const struct sockaddr *)&any, span_str(home),
			     span_str(host)) == NULL;
}

static void
names_do_not_lead_to_where_only_this_host_may_go(void **state)
{
	static const struct {
		const char *address;
		bool allowed;
	} cases[] = {
	    {"192.0.2.1", true},
	    {"10.0.0.1", true},
	    {"192.168.1.1", true},
	    {"169.253.255.255", true},
	    {"169.254.0.1", false},
	    {"169.254.169.254", false},
	    {"100.100.100.200", false},
	    {"100.100.100.201", true},
	    {"168.63.129.16", false},
	    {"0.0.0.0", false},
	    {"0.1.2.3", false},
	    {"224.0.0.1", false},
	    {"255.255.255.255", false},
	    {"2001:db8::1", true},
	    {"fe80::1", false},
	    {"febf::1", false},
	    {"fec0::1", true},
	    {"fd00:ec2::254", false},
	    {"fd00:ec3::254", true},
	    {"ff02::1", false},
	    {"::", false},
	    {"::ffff:169.254.169.254", false},
	    {"::ffff:192.0.2.1", true},
	    {"64:ff9b::a9fe:a9fe", false},
	    {"2002:a9fe:a9fe::1", false},
	    {"2002:c000:201::1", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    allowed(cases[i].address, "www.example", "www.example"),
		    cases[i].allowed);
}

static void
what_the_target_is_written_with_may_be_reached(void **state)
{
	(void)state;
	assert_true(allowed("169.254.7.7", "169.254.7.7", "169.254.7.7"));
	assert_true(allowed("::ffff:169.254.7.7", "169.254.7.7", "x"));
	assert_true(allowed("fe80::7", "fe80::7", "fe80::7"));
	assert_false(allowed("169.254.7.8", "169.254.7.7", "169.254.7.7"));
	assert_false(allowed("fe80::8", "fe80::7", "fe80::7"));
}

static void
this_machine_is_reached_as_the_target_only(void **state)
{
	static const char *const self[] = {"127.0.0.1", "127.0.1.1", "::1",
					   "::ffff:127.0.0.1"};

	(void)state;
	for (size_t i = 0; i < sizeof(self) / sizeof(self[0]); i++) {
		assert_true(allowed(self[i], "here", "here"));
		assert_false(allowed(self[i], "www.example", "other.example"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_do_not_lead_to_where_only_this_host_may_go),
	    cmocka_unit_test(what_the_target_is_written_with_may_be_reached),
	    cmocka_unit_test(this_machine_is_reached_as_the_target_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
