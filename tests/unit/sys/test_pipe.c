#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/str.h"
#include "sys/pipe_state.h"

struct ends {
	struct pipe *a, *b;
};

static struct ends
open_ends(size_t cap)
{
	struct ends e;
	int fds[2];

	assert_int_equal(pipe_pair(fds), ST_OK);
	assert_int_equal(pipe_open(fds[0], cap, &e.a), ST_OK);
	assert_int_equal(pipe_open(fds[1], cap, &e.b), ST_OK);
	return e;
}

static void
close_ends(struct ends e)
{
	pipe_close(e.a);
	pipe_close(e.b);
}

static struct pipe_message
message(uint16_t kind, uint64_t tag, struct span body)
{
	return (struct pipe_message){.kind = kind, .tag = tag, .body = body};
}

static void
messages_arrive_whole_and_in_order(void **state)
{
	struct ends e = open_ends(1 << 20);
	struct pipe_message m;

	(void)state;
	assert_int_equal(pipe_say(e.a, 7, UINT64_MAX, span_str("one")), ST_OK);
	assert_int_equal(pipe_say(e.a, 8, 1, span_of(NULL, 0)), ST_OK);
	assert_int_equal(pipe_receive(e.b, &m), ST_OK);
	assert_int_equal(m.kind, 7);
	assert_true(m.tag == UINT64_MAX);
	assert_true(str_is(m.body, "one"));
	assert_int_equal(m.fd_count, 0);
	assert_int_equal(pipe_poll(e.b, &m), ST_OK);
	assert_int_equal(m.kind, 8);
	assert_int_equal(m.body.len, 0);
	assert_int_equal(pipe_poll(e.b, &m), ST_AGAIN);
	close_ends(e);
}

static void
the_largest_body_passes_and_a_larger_one_is_no_frame(void **state)
{
	struct ends e = open_ends(2 * PIPE_BODY_MAX);
	uint8_t *body = malloc(PIPE_BODY_MAX), head[PIPE_HEAD] = {0};
	struct pipe_message m = message(1, 2, span_of(body, PIPE_BODY_MAX));
	int fds[2];
	struct pipe *p;

	(void)state;
	assert_non_null(body);
	for (size_t i = 0; i < (size_t)PIPE_BODY_MAX; i++)
		body[i] = (uint8_t)(i * 31);
	assert_int_equal(pipe_queue(e.a, &m), ST_OK);
	assert_true(pipe_waiting(e.a) > 0);
	for (;;) {
		enum status st = pipe_poll(e.b, &m);

		if (st == ST_OK)
			break;
		assert_int_equal(st, ST_AGAIN);
		st = pipe_flush(e.a);
		assert_true(st == ST_OK || st == ST_AGAIN);
	}
	assert_int_equal(m.body.len, PIPE_BODY_MAX);
	assert_memory_equal(m.body.ptr, body, PIPE_BODY_MAX);
	close_ends(e);

	assert_int_equal(pipe_pair(fds), ST_OK);
	assert_int_equal(pipe_open(fds[0], 4096, &p), ST_OK);
	codec_put32(head, PIPE_BODY_MAX + 1);
	assert_int_equal(write(fds[1], head, sizeof(head)), PIPE_HEAD);
	assert_int_equal(pipe_receive(p, &m), ST_MALFORMED);
	pipe_close(p);
	close(fds[1]);
	free(body);
}

static void
a_full_queue_refuses_and_loses_nothing(void **state)
{
	struct ends e = open_ends(4096);
	uint8_t body[1000];
	unsigned sent = 0, got = 0;
	struct pipe_message m;
	enum status st;

	(void)state;
	/* Until the socket and the queue are full. */
	for (;;) {
		memset(body, (int)sent, sizeof(body));
		m = message(1, sent, span_of(body, sizeof(body)));
		st = pipe_queue(e.a, &m);
		if (st != ST_OK)
			break;
		sent++;
	}
	assert_int_equal(st, ST_FULL);
	assert_true(pipe_waiting(e.a) <= 4096 + PIPE_HEAD);
	while (got < sent) {
		st = pipe_poll(e.b, &m);
		if (st == ST_AGAIN) {
			st = pipe_flush(e.a);
			assert_true(st == ST_OK || st == ST_AGAIN);
			continue;
		}
		assert_int_equal(st, ST_OK);
		assert_int_equal(m.tag, got);
		assert_int_equal(m.body.ptr[999], (uint8_t)got);
		got++;
	}
	assert_int_equal(pipe_flush(e.a), ST_OK);
	assert_int_equal(pipe_waiting(e.a), 0);
	close_ends(e);
}

static ino_t
inode_of(int fd)
{
	struct stat sb;

	assert_int_equal(fstat(fd, &sb), 0);
	return sb.st_ino;
}

static void
descriptors_arrive_with_their_message(void **state)
{
	struct ends e = open_ends(1 << 20);
	int fds[3];
	struct pipe_message m;

	(void)state;
	for (int i = 0; i < 3; i++)
		fds[i] = memfd_create("x", MFD_CLOEXEC);
	/* Queued, with and without, and more bytes than one read. */
	for (int round = 0; round < 200; round++) {
		m = message((uint16_t)round, 0, span_str("some body"));
		m.fd_count = (size_t)(round % 4);
		memcpy(m.fds, fds, sizeof(int) * m.fd_count);
		assert_int_equal(pipe_queue(e.a, &m), ST_OK);
	}
	for (int round = 0; round < 200; round++) {
		enum status st;

		while ((st = pipe_poll(e.b, &m)) == ST_AGAIN) {
			st = pipe_flush(e.a);
			assert_true(st == ST_OK || st == ST_AGAIN);
		}
		assert_int_equal(st, ST_OK);
		assert_int_equal(m.kind, round);
		assert_int_equal(m.fd_count, round % 4);
		for (size_t i = 0; i < m.fd_count; i++) {
			assert_int_equal(inode_of(m.fds[i]), inode_of(fds[i]));
			assert_int_equal(fcntl(m.fds[i], F_GETFD), FD_CLOEXEC);
		}
		pipe_drop_fds(&m);
		assert_int_equal(m.fd_count, 0);
	}
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	close_ends(e);
}

static void
waiting_descriptors_are_closed_with_the_pipe(void **state)
{
	struct ends e = open_ends(1 << 20);
	int watched[2];
	struct pipe_message m;
	char byte;

	(void)state;
	assert_int_equal(pipe(watched), 0);
	m = message(1, 0, span_str("x"));
	m.fds[0] = watched[1];
	m.fd_count = 1;
	assert_int_equal(pipe_queue(e.a, &m), ST_OK);
	assert_int_equal(pipe_send(e.a, &m), ST_OK);
	close(watched[1]);
	close_ends(e);
	/* Every copy of the writing end is gone: the reader sees the end. */
	assert_int_equal(read(watched[0], &byte, 1), 0);
	close(watched[0]);
}

static void
the_other_side_gone_is_said(void **state)
{
	struct ends e = open_ends(1 << 20);
	struct pipe_message m;

	(void)state;
	assert_int_equal(pipe_say(e.b, 3, 0, span_str("last words")), ST_OK);
	pipe_close(e.b);
	assert_int_equal(pipe_receive(e.a, &m), ST_OK);
	assert_true(str_is(m.body, "last words"));
	assert_int_equal(pipe_receive(e.a, &m), ST_CLOSED);
	assert_int_equal(pipe_say(e.a, 1, 0, span_str("x")), ST_CLOSED);
	pipe_close(e.a);
	pipe_close(NULL);
}

static void
half_a_message_is_no_message(void **state)
{
	int fds[2];
	struct pipe *p;
	struct pipe_message m;
	uint8_t bytes[PIPE_HEAD + 4] = {4, 0, 0, 0, 9};

	(void)state;
	assert_int_equal(pipe_pair(fds), ST_OK);
	assert_int_equal(pipe_open(fds[0], 4096, &p), ST_OK);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		assert_int_equal(pipe_poll(p, &m), ST_AGAIN);
		assert_int_equal(write(fds[1], bytes + i, 1), 1);
	}
	assert_int_equal(pipe_poll(p, &m), ST_OK);
	assert_int_equal(m.kind, 9);
	/* It says that descriptors came along, but none did. */
	bytes[6] = 1;
	assert_int_equal(write(fds[1], bytes, sizeof(bytes)), sizeof(bytes));
	assert_int_equal(pipe_poll(p, &m), ST_MALFORMED);
	pipe_close(p);
	close(fds[1]);
}

static void
a_blocking_sender_and_receiver_meet(void **state)
{
	enum { ROUNDS = 3000 };
	struct ends e = open_ends(1 << 16);
	uint8_t body[5000];
	struct pipe_message m;
	int status;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	memset(body, 'x', sizeof(body));
	if (pid == 0) {
		for (uint64_t i = 0; i < ROUNDS; i++)
			if (pipe_say(e.a, 1, i, span_of(body, sizeof(body))) !=
			    ST_OK)
				_exit(1);
		_exit(0);
	}
	for (uint64_t i = 0; i < ROUNDS; i++) {
		assert_int_equal(pipe_receive(e.b, &m), ST_OK);
		assert_int_equal(m.tag, i);
		assert_memory_equal(m.body.ptr, body, sizeof(body));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close_ends(e);
}

static void
descriptors_go_once_however_often_the_socket_is_full(void **state)
{
	struct ends e = open_ends(1 << 16);
	size_t n = 1 << 20; /* much more than the socket takes at once */
	uint8_t *body = calloc(1, n);
	struct pipe_message m;
	int status;
	pid_t pid;

	(void)state;
	assert_non_null(body);
	assert_int_equal(fcntl(pipe_fd(e.a), F_SETFL, O_NONBLOCK), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		m = message(1, 0, span_of(body, n));
		m.fds[0] = STDIN_FILENO;
		m.fd_count = 1;
		_exit(pipe_send(e.a, &m) != ST_OK ||
		      pipe_say(e.a, 2, 0, span_str("behind")) != ST_OK);
	}
	assert_int_equal(pipe_receive(e.b, &m), ST_OK);
	assert_int_equal(m.body.len, n);
	assert_int_equal(m.fd_count, 1);
	pipe_drop_fds(&m);
	assert_int_equal(pipe_receive(e.b, &m), ST_OK);
	assert_int_equal(m.fd_count, 0);
	assert_int_equal(e.b->in_fd_count, 0); /* a copy too many lay here */
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close_ends(e);
	free(body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(messages_arrive_whole_and_in_order),
	    cmocka_unit_test(
		the_largest_body_passes_and_a_larger_one_is_no_frame),
	    cmocka_unit_test(a_full_queue_refuses_and_loses_nothing),
	    cmocka_unit_test(descriptors_arrive_with_their_message),
	    cmocka_unit_test(waiting_descriptors_are_closed_with_the_pipe),
	    cmocka_unit_test(the_other_side_gone_is_said),
	    cmocka_unit_test(half_a_message_is_no_message),
	    cmocka_unit_test(a_blocking_sender_and_receiver_meet),
	    cmocka_unit_test(
		descriptors_go_once_however_often_the_socket_is_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
