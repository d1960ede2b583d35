#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "proxy-agent/session/stream.h"

/* Who takes connections and says nothing. */
static int
listen_mute(uint16_t *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	assert_int_equal(listen(fd, 1), 0);
	*port = ntohs(a.sin_port);
	return fd;
}

static void
a_sign_in_has_a_patience_of_its_own(void **state)
{
	struct stream_to to = {
	    .host = "127.0.0.1",
	    .patience = {.connect_ms = 5000,
			 .sign_in_ms = 1000,
			 .answer_ms = 2000},
	};
	int fd = listen_mute(&to.port);
	struct stream *s = NULL;
	struct span line;

	(void)state;
	assert_int_equal(stream_open(&to, &s, NULL), ST_OK);
	assert_int_equal(stream_line(s, &line), ST_TIMEOUT);
	assert_string_equal(stream_trouble(s, ST_TIMEOUT),
			    "it said nothing for 1 s");
	stream_signed_in(s);
	assert_int_equal(stream_line(s, &line), ST_TIMEOUT);
	assert_string_equal(stream_trouble(s, ST_TIMEOUT),
			    "it said nothing for 2 s");
	stream_close(s);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_sign_in_has_a_patience_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
