#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proxy-agent/reader/unreached.h"

/* A port of this host that is bound; whether anybody listens there. */
static uint16_t
bound(bool listens, int *fd)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(a);

	*fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(*fd >= 0);
	assert_int_equal(bind(*fd, (struct sockaddr *)&a, sizeof(a)), 0);
	if (listens)
		assert_int_equal(listen(*fd, 1), 0);
	assert_int_equal(getsockname(*fd, (struct sockaddr *)&a, &len), 0);
	return ntohs(a.sin_port);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static bool
asked(const char *form, unsigned port, const char *option)
{
	uint8_t bytes[256];
	struct pairs options = {0};
	char target[128];
	size_t len = 0;

	snprintf(target, sizeof(target), form, port);
	if (option != NULL) {
		assert_int_equal(pairs_add(bytes, sizeof(bytes), &len,
					   span_str(option),
					   span_str("http://127.0.0.1:1")),
				 ST_OK);
		options.bytes = span_of(bytes, len);
	}
	return unreached(span_str(target), &options);
}
#pragma GCC diagnostic pop

static void
where_nobody_listens_nothing_is_reached(void **state)
{
	int deaf, hears;
	uint16_t closed = bound(false, &deaf), open = bound(true, &hears);

	(void)state;
	assert_true(asked("sftp://u@127.0.0.1:%u/", closed, NULL));
	assert_false(asked("sftp://u@127.0.0.1:%u/", open, NULL));
	assert_true(asked("https://nosuch.invalid:%u/", open, NULL));
	close(deaf);
	close(hears);
}

static void
what_names_no_host_or_a_way_round_is_not_judged(void **state)
{
	int deaf;
	uint16_t closed = bound(false, &deaf);

	(void)state;
	assert_false(asked("http://127.0.0.1:%u/", closed, "proxy"));
	assert_false(asked("s3://bucket/%u", closed, NULL));
	assert_false(asked("nosuchkind://127.0.0.1:%u/", closed, NULL));
	assert_false(asked("/srv/%u", closed, NULL));
	close(deaf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(where_nobody_listens_nothing_is_reached),
	    cmocka_unit_test(what_names_no_host_or_a_way_round_is_not_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
