#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
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

static void
who_does_not_listen_denies_nothing(void **state)
{
	const struct patience p = {.connect_ms = 5000};
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), got = -1;
	struct buf why;

	(void)state;
	buf_init(&why, 600);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	/* a port that is taken and at which nobody listens */
	assert_int_equal(bind(fd, (struct sockaddr *)&a, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	assert_int_equal(net_connect(span_str("127.0.0.1"), ntohs(a.sin_port),
				     &p, &why, &got),
			 ST_CLOSED);
	assert_int_equal(net_connect_low(span_str("127.0.0.1"),
					 ntohs(a.sin_port), &p, &why, &got),
			 ST_CLOSED);
	assert_int_equal(buf_add_byte(&why, 0), ST_OK);
	assert_non_null(strstr((const char *)why.data, "127.0.0.1, port "));
	assert_non_null(strstr((const char *)why.data, "refuses connections"));
	assert_non_null(strstr((const char *)why.data, "is the service"));
	assert_int_equal(got, -1);
	buf_fini(&why);
	close(fd);
}

static void
what_keeps_a_connection_away_is_sorted_out(void **state)
{
	static const struct {
		int err;
		enum status st;
	} cases[] = {
	    {ECONNREFUSED, ST_CLOSED}, {EHOSTUNREACH, ST_CLOSED},
	    {ENETUNREACH, ST_CLOSED},  {ETIMEDOUT, ST_TIMEOUT},
	    {EACCES, ST_DENIED},       {EPERM, ST_DENIED},
	    {EADDRNOTAVAIL, ST_IO},    {EMFILE, ST_IO},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(net_status(cases[i].err), cases[i].st);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(this_host_is_known_by_its_name),
	    cmocka_unit_test(this_host_is_known_by_a_connection),
	    cmocka_unit_test(who_does_not_listen_denies_nothing),
	    cmocka_unit_test(what_keeps_a_connection_away_is_sorted_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
