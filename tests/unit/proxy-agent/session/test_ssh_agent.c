#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "proxy-agent/session/ssh_agent.h"

/* An agent that listens, and the relay before it. */
struct scene {
	char folder[32], path[48];
	int listener, agent;
	struct ssh_relay *relay;
};

static void
begin(struct scene *s, uint32_t wait_ms)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	snprintf(s->folder, sizeof(s->folder), "/tmp/agent.XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	snprintf(s->path, sizeof(s->path), "%s/a", s->folder);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", s->path);
	s->listener = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(s->listener,
			      (const struct sockaddr *)(const void *)&at,
			      sizeof(at)),
			 0);
	assert_int_equal(listen(s->listener, 1), 0);
	assert_int_equal(
	    ssh_agent_begin(span_str(s->path), wait_ms, 3, &s->relay), ST_OK);
	s->agent = accept(s->listener, NULL, NULL);
	assert_true(s->agent >= 0);
}

static void
end(struct scene *s)
{
	close(s->agent);
	close(s->listener);
	unlink(s->path);
	rmdir(s->folder);
}

static void
is_next(int fd, const void *bytes, size_t n)
{
	uint8_t got[128];

	assert_true(n <= sizeof(got));
	assert_int_equal(recv(fd, got, n, MSG_WAITALL), n);
	assert_memory_equal(got, bytes, n);
}

static const uint8_t question[] = {0, 0, 0, 1, 11};

/* The answer of an agent with that many keys, each of a letter and a comment
 * of two; its length. */
static size_t
list_of(uint8_t keys, uint8_t *dst)
{
	static const uint8_t key[] = {0, 0, 0, 1, 'k', 0, 0, 0, 2, 'c', 'c'};
	const size_t n = 9 + keys * sizeof(key);
	const uint8_t head[] = {0, 0, 0, (uint8_t)(n - 4), 12, 0, 0, 0, keys};

	memcpy(dst, head, sizeof(head));
	for (size_t i = 0; i < keys; i++)
		memcpy(dst + 9 + i * sizeof(key), key, sizeof(key));
	return n;
}

static void
no_more_keys_are_told_of_than_may_be_tried(void **state)
{
	static const struct {
		uint8_t has, told;
	} cases[] = {{0, 0}, {2, 2}, {3, 3}, {5, 3}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t keys[128];
		struct scene s;
		size_t n;
		int fd;

		begin(&s, 60000);
		fd = ssh_agent_fd(s.relay);
		assert_int_equal(write(fd, question, sizeof(question)),
				 sizeof(question));
		is_next(s.agent, question, sizeof(question));
		n = list_of(cases[i].has, keys);
		assert_int_equal(write(s.agent, keys, n), n);
		is_next(fd, keys, list_of(cases[i].told, keys));
		assert_int_equal(ssh_agent_end(s.relay), cases[i].told);
		assert_int_equal(recv(fd, keys, 1, 0), 0);
		close(fd);
		end(&s);
	}
}

static void
a_list_that_is_shorter_than_it_says_is_not_carried(void **state)
{
	(void)state;
	for (uint8_t cut = 1; cut < 11; cut++) {
		uint8_t keys[128];
		struct scene s;
		size_t n;
		int fd;

		begin(&s, 60000);
		fd = ssh_agent_fd(s.relay);
		assert_int_equal(write(fd, question, sizeof(question)),
				 sizeof(question));
		is_next(s.agent, question, sizeof(question));
		n = list_of(2, keys) - cut;
		keys[3] = (uint8_t)(n - 4);
		assert_int_equal(write(s.agent, keys, n), n);
		assert_int_equal(recv(fd, keys, 1, 0), 0);
		(void)ssh_agent_end(s.relay);
		close(fd);
		end(&s);
	}
}

static void
an_agent_that_is_silent_is_hung_up_on(void **state)
{
	struct scene s;
	uint8_t got;
	int fd;

	(void)state;
	begin(&s, 1);
	fd = ssh_agent_fd(s.relay);
	assert_int_equal(write(fd, question, sizeof(question)),
			 sizeof(question));
	assert_int_equal(recv(fd, &got, 1, 0), 0);
	assert_int_equal(ssh_agent_end(s.relay), 0);
	close(fd);
	end(&s);
}

static void
messages_that_are_empty_or_huge_are_not_carried(void **state)
{
	static const uint8_t cases[][5] = {{0, 0, 0, 0, 11},
					   {0xff, 0xff, 0xff, 0xff, 11}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s;
		uint8_t got;
		int fd;

		begin(&s, 60000);
		fd = ssh_agent_fd(s.relay);
		assert_int_equal(write(fd, cases[i], 5), 5);
		assert_true(recv(fd, &got, 1, 0) <= 0);
		assert_int_equal(ssh_agent_end(s.relay), 0);
		close(fd);
		end(&s);
	}
}

static void
an_agent_that_is_not_there_is_named(void **state)
{
	struct ssh_relay *relay;

	(void)state;
	assert_int_equal(
	    ssh_agent_begin(span_str("/nonexistent/agent"), 1, 3, &relay),
	    ST_NOTFOUND);
	assert_int_equal(ssh_agent_end(NULL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_more_keys_are_told_of_than_may_be_tried),
	    cmocka_unit_test(
		a_list_that_is_shorter_than_it_says_is_not_carried),
	    cmocka_unit_test(an_agent_that_is_silent_is_hung_up_on),
	    cmocka_unit_test(messages_that_are_empty_or_huge_are_not_carried),
	    cmocka_unit_test(an_agent_that_is_not_there_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
