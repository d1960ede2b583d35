#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "sys/loop.h"
#include "wire/dial.h"

#define PATIENCE_MS 20000

struct world {
	struct loop *loop;
	struct dial *dial;
	int door;
	uint16_t port;
	unsigned calls;
	enum status st;
	char text[512];
};

static void
on_dial(void *arg, const struct dial_result *r)
{
	struct world *w = arg;

	w->calls++;
	w->st = r->st;
	snprintf(w->text, sizeof(w->text), "%s", r->text);
	if (r->st == ST_OK) {
		assert_true(r->fd >= 0);
		close(r->fd);
	}
	dial_close(w->dial); /* right in the callback */
	w->dial = NULL;
}

static int
listen_on(struct sockaddr *a, socklen_t len)
{
	int fd = socket(a->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && (bind(fd, a, len) != 0 || listen(fd, 8) != 0 ||
			getsockname(fd, a, &len) != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

static int
world_make(void **state)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	assert_int_equal(loop_open(&w->loop), ST_OK);
	w->door = listen_on((struct sockaddr *)&a, sizeof(a));
	assert_true(w->door >= 0);
	w->port = ntohs(a.sin_port);
	*state = w;
	return 0;
}

static int
world_free(void **state)
{
	struct world *w = *state;

	dial_close(w->dial);
	loop_close(w->loop);
	if (w->door >= 0)
		close(w->door);
	free(w);
	return 0;
}

static void
dial(struct world *w, const char *host, uint16_t port)
{
	struct dial_target to = {host, port, 10000};
	uint64_t since = clock_mono_ms(clock_system());
	unsigned calls = w->calls;

	assert_int_equal(dial_open(w->loop, &to, on_dial, w, &w->dial), ST_OK);
	assert_int_equal(w->calls, calls); /* never before it returns */
	while (w->calls == calls) {
		assert_int_equal(loop_once(w->loop), ST_OK);
		(void)poll(NULL, 0, 1);
		assert_true(clock_mono_ms(clock_system()) - since <
			    PATIENCE_MS);
	}
}

static void
literal_addresses_and_names_are_reached(void **state)
{
	struct world *w = *state;

	dial(w, "127.0.0.1", w->port);
	assert_int_equal(w->st, ST_OK);
	dial(w, "localhost", w->port); /* ::1 first, perhaps: then the next */
	assert_int_equal(w->st, ST_OK);
}

static void
ip6_is_reached_too(void **state)
{
	struct sockaddr_in6 a = {.sin6_family = AF_INET6,
				 .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct world *w = *state;
	int fd = listen_on((struct sockaddr *)&a, sizeof(a));

	if (fd < 0)
		skip(); /* a machine without IPv6 */
	dial(w, "::1", ntohs(a.sin6_port));
	assert_int_equal(w->st, ST_OK);
	close(fd);
}

static void
refusal_says_where(void **state)
{
	struct world *w = *state;
	char want[64];

	close(w->door); /* nobody is there now */
	w->door = -1;
	dial(w, "127.0.0.1", w->port);
	assert_int_equal(w->st, ST_CLOSED);
	snprintf(want, sizeof(want), "127.0.0.1:%u: Connection refused",
		 w->port);
	assert_string_equal(w->text, want);
}

static void
name_that_nobody_has_is_not_found(void **state)
{
	struct world *w = *state;

	dial(w, "no-such-host.invalid", 1);
	assert_int_equal(w->st, ST_NOTFOUND);
	assert_non_null(strstr(w->text, "no-such-host.invalid"));
}

static void
dial_may_be_closed_while_the_name_is_looked_up(void **state)
{
	struct world *w = *state;
	struct dial_target to = {"no-such-host.invalid", 1, 10000};

	assert_int_equal(dial_open(w->loop, &to, on_dial, w, &w->dial), ST_OK);
	dial_close(w->dial);
	w->dial = NULL;
	for (int i = 0; i < 20; i++)
		assert_int_equal(loop_once(w->loop), ST_OK);
	assert_int_equal(w->calls, 0);
}

static void
endless_name_is_a_limit(void **state)
{
	static char name[300];
	struct world *w = *state;
	struct dial_target to = {name, 1, 1000};

	memset(name, 'a', sizeof(name) - 1);
	assert_int_equal(dial_open(w->loop, &to, on_dial, w, &w->dial),
			 ST_LIMIT);
}

static void
peer_that_is_gone_without_a_word_is_looked_for(void **state)
{
	static const struct {
		int level, name, want;
	} cases[] = {
	    {IPPROTO_TCP, TCP_NODELAY, 1},
	    {SOL_SOCKET, SO_KEEPALIVE, 1},
	    {IPPROTO_TCP, TCP_KEEPIDLE, 60},
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	assert_true(fd >= 0);
	dial_tune(fd);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int got = 0;
		socklen_t len = sizeof(got);

		assert_int_equal(
		    getsockopt(fd, cases[i].level, cases[i].name, &got, &len),
		    0);
		assert_int_equal(got, cases[i].want);
	}
	close(fd);
}

#define IN_WORLD(f) cmocka_unit_test_setup_teardown(f, world_make, world_free)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_WORLD(literal_addresses_and_names_are_reached),
	    IN_WORLD(ip6_is_reached_too),
	    IN_WORLD(refusal_says_where),
	    IN_WORLD(name_that_nobody_has_is_not_found),
	    IN_WORLD(dial_may_be_closed_while_the_name_is_looked_up),
	    IN_WORLD(endless_name_is_a_limit),
	    cmocka_unit_test(peer_that_is_gone_without_a_word_is_looked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
