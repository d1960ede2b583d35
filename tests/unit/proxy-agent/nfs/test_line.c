#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "proxy-agent/nfs/line.h"
#include "sys/pace.h"

#define TURN_MS 50

/* A server that takes connections, and says nothing. */
static int
mute(uint16_t *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, len), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	*port = ntohs(a.sin_port);
	return fd;
}

static void
a_pause_is_no_wait_for_the_server(void **state)
{
	struct pace pace;
	struct patience patience = {
	    .connect_ms = 5000, .answer_ms = 5000, .pace = &pace};
	struct line l = {0};
	uint16_t port;
	int fd = mute(&port);

	(void)state;
	pace_init(&pace, clock_system());
	assert_int_equal(
	    line_open(span_str("127.0.0.1"), port, &patience, NULL, &l), ST_OK);
	assert_true(line_turn(&l, TURN_MS));
	assert_int_equal(pace.waited_us, 0);
	line_called(&l, 0);
	assert_true(line_turn(&l, TURN_MS));
	assert_true(pace.waited_us > 0);
	line_close(&l);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_pause_is_no_wait_for_the_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
