#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "proxy-agent/session/net.h"

static void
this_host_is_known_by_its_name(void **state)
{
	static const struct {
		const char *host;
		bool here;
	} cases[] = {
	    {"127.0.0.1", true},
	    {"127.1.2.3", true},
	    {"::1", true},
	    {"localhost", true},
	    {"", false},
	    {"127.example.org", false}, /* a name that begins alike */
	    {"localhost.example.org", false},
	    {"12.0.0.1", false},
	    {"192.0.2.1", false},
	    {"::2", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(net_is_here(span_str(cases[i].host)),
				 cases[i].here);
}

static void
this_host_is_known_by_a_connection(void **state)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)state;
	assert_true(fd >= 0);
	assert_false(net_is_local(fd)); /* no other end yet */
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	a.sin_port = htons(9);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_true(net_is_local(fd));
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(this_host_is_known_by_its_name),
	    cmocka_unit_test(this_host_is_known_by_a_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
