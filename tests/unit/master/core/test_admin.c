#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fake/core_world.h"
#include "master/core/admin.h"

/* A core with an admin socket in the folder of its database. */
struct office {
	struct core_world w;
	struct sockaddr_un at;
	int fd;
};
#define OK "{\"status\":200,"

static int
open_door(void **state)
{
	struct office *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return -1;
	core_world_open(&d->w);
	d->at.sun_family = AF_UNIX;
	snprintf(d->at.sun_path, sizeof(d->at.sun_path), "%s/admin.sock",
		 d->w.db.dir);
	d->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (bind(d->fd, (const struct sockaddr *)&d->at, sizeof(d->at)) != 0 ||
	    listen(d->fd, 64) != 0 ||
	    admin_open(d->w.core, d->fd, &d->w.core->admin) != ST_OK)
		return -1;
	*state = d;
	return 0;
}

static int
close_door(void **state)
{
	struct office *d = *state;

	core_world_close(&d->w);
	close(d->fd);
	free(d);
	return 0;
}

static int
visit(struct office *d)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(
	    connect(fd, (const struct sockaddr *)&d->at, sizeof(d->at)), 0);
	assert_int_equal(loop_once(d->w.core->loop), ST_OK);
	return fd;
}

static void
say(struct office *d, int fd, const char *text)
{
	size_t n = strlen(text);

	assert_int_equal(send(fd, text, n, MSG_NOSIGNAL), n);
	assert_int_equal(loop_once(d->w.core->loop), ST_OK);
}

/* What has come back until now. */
static const char *
hear(int fd, char *text, size_t room)
{
	ssize_t n = recv(fd, text, room - 1, MSG_DONTWAIT);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void
each_line_gets_one_line_back(void **state)
{
	struct office *d = *state;
	int fd = visit(d);
	char text[4096];

	say(d, fd, "{\"op\": \"status\"}\n");
	hear(fd, text, sizeof(text));
	assert_memory_equal(text, OK, strlen(OK));
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	say(d, fd, "{\"op\": \"agent.block\", \"args\": {\"id\": 99}}\n");
	assert_non_null(strstr(hear(fd, text, sizeof(text)), "404"));
	close(fd);
}

static void
a_line_may_come_in_pieces_and_two_at_once(void **state)
{
	struct office *d = *state;
	int fd = visit(d);
	char text[4096], *second;

	say(d, fd, "{\"op\": ");
	assert_string_equal(hear(fd, text, sizeof(text)), "");
	say(d, fd, "\"status\"}\n{\"op\": \"no.such\"}\n");
	hear(fd, text, sizeof(text));
	assert_memory_equal(text, OK, strlen(OK));
	second = strchr(text, '\n') + 1;
	assert_memory_equal(second, "{\"status\":404,", 14);
	close(fd);
}

static void
what_is_no_question_is_a_problem(void **state)
{
	static const char *const lines[] = {"\n", "{}\n", "[1]\n",
					    "{\"op\": 1}\n", "\xff\xff\n"};
	struct office *d = *state;
	int fd = visit(d);
	char text[4096];

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		say(d, fd, lines[i]);
		hear(fd, text, sizeof(text));
		assert_memory_equal(text, "{\"status\":400,", 14);
	}
	close(fd);
}

static void
only_the_command_line_may_make_a_setup_code(void **state)
{
	struct office *d = *state;
	int fd = visit(d);
	char text[4096];

	say(d, fd, "{\"op\": \"setup.code\"}\n");
	hear(fd, text, sizeof(text));
	assert_memory_equal(text, "{\"status\":201,", 14);
	close(fd);
}

static void
who_says_too_much_is_left(void **state)
{
	struct office *d = *state;
	int fd = visit(d);
	char block[4096];
	size_t sent = 0;

	memset(block, 'x', sizeof(block));
	while (sent <= 2 * (size_t)ADMIN_LINE) {
		ssize_t n =
		    send(fd, block, sizeof(block), MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0)
			break;
		sent += (size_t)n;
		assert_int_equal(loop_once(d->w.core->loop), ST_OK);
	}
	assert_true(sent <= (size_t)ADMIN_LINE + 4096);
	close(fd);
}

static void
who_comes_when_all_places_are_taken_is_turned_away(void **state)
{
	struct office *d = *state;
	int fds[ADMIN_CONNS], more;
	char text[64];

	for (size_t i = 0; i < ADMIN_CONNS; i++)
		fds[i] = visit(d);
	more = visit(d);
	assert_int_equal(recv(more, text, sizeof(text), 0), 0); /* closed */
	close(more);
	close(fds[0]); /* its place is free again */
	assert_int_equal(loop_once(d->w.core->loop), ST_OK);
	fds[0] = visit(d);
	say(d, fds[0], "{\"op\": \"status\"}\n");
	assert_non_null(strstr(hear(fds[0], text, sizeof(text)), OK));
	for (size_t i = 0; i < ADMIN_CONNS; i++)
		close(fds[i]);
}

#define T(f) cmocka_unit_test_setup_teardown(f, open_door, close_door)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(each_line_gets_one_line_back),
	    T(a_line_may_come_in_pieces_and_two_at_once),
	    T(what_is_no_question_is_a_problem),
	    T(only_the_command_line_may_make_a_setup_code),
	    T(who_says_too_much_is_left),
	    T(who_comes_when_all_places_are_taken_is_turned_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
