#include "scan/ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

struct tie {
	struct slots slots;
	struct ring_out out;
	struct ring_in in;
};

static void
tie_open(struct tie *t)
{
	assert_int_equal(slots_open(1, &t->slots), ST_OK);
	assert_int_equal(slots_writable(&t->slots), ST_OK);
	t->in = (struct ring_in){.slot = slot_write(&t->slots, 0)};
	assert_int_equal(
	    ring_open(slot_write(&t->slots, 0), &t->out, &t->in.fd), ST_OK);
}

static void
tie_close(struct tie *t)
{
	if (t->out.fd >= 0)
		ring_end(&t->out, STREAM_WHOLE);
	close(t->in.fd);
	slots_close(&t->slots);
}

/* Filled with its own number, so that one written over shows. */
static void
push_piece(struct tie *t, uint8_t number)
{
	memset(ring_room(&t->out), number, RING_PIECE);
	assert_int_equal(ring_push(&t->out, RING_PIECE), ST_OK);
}

static void
a_writer_waits_before_it_comes_round(void **state)
{
	const struct timespec soon = {.tv_nsec = 50 * 1000 * 1000};
	struct tie t;
	pid_t pid;
	int how;

	(void)state;
	tie_open(&t);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		for (uint8_t i = 0; i < 100; i++)
			push_piece(&t, i);
		ring_end(&t.out, STREAM_WHOLE);
		_exit(0);
	}
	close(t.out.fd);
	t.out.fd = -1;
	for (unsigned i = 0; i < 100; i++) {
		uint8_t first, rest[RING_PIECE - 1];
		size_t got;

		assert_int_equal(ring_read(&t.in, &first, 1, &got), ST_OK);
		assert_int_equal(first, i);
		/* however late it is: the piece that is begun stays */
		if (i % 50 == 0)
			nanosleep(&soon, NULL);
		assert_int_equal(ring_read(&t.in, rest, sizeof(rest), &got),
				 ST_OK);
		assert_int_equal(got, sizeof(rest));
		for (size_t k = 0; k < got; k++)
			assert_int_equal(rest[k], i);
	}
	assert_int_equal(waitpid(pid, &how, 0), pid);
	assert_int_equal(how, 0);
	tie_close(&t);
}

static void
a_length_that_lies_is_no_piece(void **state)
{
	const uint32_t lie = RING_PIECE + 1;
	uint8_t some[16];
	struct tie t;
	size_t got;

	(void)state;
	tie_open(&t);
	assert_int_equal(write(t.out.fd, &lie, sizeof(lie)), sizeof(lie));
	assert_int_equal(ring_read(&t.in, some, sizeof(some), &got), ST_IO);
	assert_int_equal(got, 0);
	tie_close(&t);
}

static void
a_writer_that_dies_is_no_end(void **state)
{
	uint8_t some[16];
	struct tie t;
	size_t got;

	(void)state;
	tie_open(&t);
	assert_int_equal(ring_copy(&t.out, span_str("abc")), ST_OK);
	close(t.out.fd);
	t.out.fd = -1;
	assert_int_equal(ring_read(&t.in, some, sizeof(some), &got), ST_OK);
	assert_int_equal(got, 3);
	assert_int_equal(ring_read(&t.in, some, sizeof(some), &got), ST_IO);
	tie_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_writer_waits_before_it_comes_round),
	    cmocka_unit_test(a_length_that_lies_is_no_piece),
	    cmocka_unit_test(a_writer_that_dies_is_no_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
