#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "sys/loop.h"

struct seen {
	struct loop *loop;
	struct loop_io *io;
	struct loop_timer *timer;
	struct loop_waker *waker;
	unsigned count, ready;
};

static void
on_ready(void *arg, int fd, unsigned ready)
{
	struct seen *s = arg;
	char byte;

	s->ready |= ready;
	s->count++;
	if (ready & LOOP_READ)
		assert_int_equal(read(fd, &byte, 1), 1);
	if (s->count == 2)
		loop_stop(s->loop);
}

static void
a_descriptor_is_watched_for_what_is_wanted(void **state)
{
	struct seen s = {0};
	int fds[2];

	(void)state;
	assert_int_equal(loop_open(&s.loop), ST_OK);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(
	    loop_io_open(s.loop, fds[0], LOOP_READ, on_ready, &s, &s.io),
	    ST_OK);
	assert_int_equal(loop_once(s.loop), ST_OK);
	assert_int_equal(s.count, 0);
	assert_int_equal(write(fds[1], "ab", 2), 2);
	assert_int_equal(loop_run(s.loop), ST_OK);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.ready, LOOP_READ);
	/* Nothing wanted: nothing called. */
	assert_int_equal(write(fds[1], "c", 1), 1);
	assert_int_equal(loop_io_want(s.io, 0), ST_OK);
	assert_int_equal(loop_once(s.loop), ST_OK);
	assert_int_equal(s.count, 2);
	assert_int_equal(loop_io_want(s.io, LOOP_READ), ST_OK);
	assert_int_equal(loop_io_want(s.io, LOOP_READ), ST_OK);
	assert_int_equal(loop_once(s.loop), ST_OK);
	assert_int_equal(s.count, 3);
	loop_io_close(s.io);
	close(fds[0]);
	close(fds[1]);
	loop_close(s.loop);
}

static void
close_itself(void *arg, int fd, unsigned ready)
{
	struct seen *s = arg;

	(void)fd;
	(void)ready;
	s->count++;
	loop_io_close(s->io);
}

static void
a_watch_may_close_itself(void **state)
{
	struct seen s = {0};
	int fds[2];

	(void)state;
	assert_int_equal(loop_open(&s.loop), ST_OK);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(
	    loop_io_open(s.loop, fds[1], LOOP_WRITE, close_itself, &s, &s.io),
	    ST_OK);
	/* Ends by itself: nothing is watched any more. */
	assert_int_equal(loop_run(s.loop), ST_OK);
	assert_int_equal(s.count, 1);
	close(fds[0]);
	close(fds[1]);
	loop_close(s.loop);
}

static void
on_time(void *arg)
{
	struct seen *s = arg;

	if (++s->count < 3)
		assert_int_equal(loop_timer_set(s->timer, 1), ST_OK);
}

static void
a_timer_fires_once_for_each_setting(void **state)
{
	struct seen s = {0};

	(void)state;
	assert_int_equal(loop_open(&s.loop), ST_OK);
	assert_int_equal(loop_timer_open(s.loop, on_time, &s, &s.timer), ST_OK);
	assert_int_equal(loop_run(s.loop), ST_OK);
	assert_int_equal(s.count, 0);
	assert_int_equal(loop_timer_set(s.timer, 0), ST_OK);
	assert_int_equal(loop_run(s.loop), ST_OK);
	assert_int_equal(s.count, 3);
	assert_int_equal(loop_timer_set(s.timer, 3600000), ST_OK);
	loop_timer_stop(s.timer);
	assert_int_equal(loop_run(s.loop), ST_OK);
	assert_int_equal(s.count, 3);
	loop_timer_close(s.timer);
	loop_close(s.loop);
}

static void
stop(void *arg)
{
	struct seen *s = arg;

	s->count++;
	loop_stop(s->loop);
}

static void
a_signal_is_an_event(void **state)
{
	struct seen s = {0};
	struct loop_signal *sig;

	(void)state;
	assert_int_equal(loop_open(&s.loop), ST_OK);
	assert_int_equal(loop_signal_open(s.loop, SIGUSR1, stop, &s, &sig),
			 ST_OK);
	assert_int_equal(raise(SIGUSR1), 0);
	assert_int_equal(loop_run(s.loop), ST_OK);
	assert_int_equal(s.count, 1);
	loop_signal_close(sig);
	loop_close(s.loop);
}

static void *
wake_it(void *arg)
{
	struct seen *s = arg;

	loop_wake(s->waker);
	return NULL;
}

static void
another_thread_wakes_the_loop(void **state)
{
	struct seen s = {0};
	pthread_t t;

	(void)state;
	assert_int_equal(loop_open(&s.loop), ST_OK);
	assert_int_equal(loop_waker_open(s.loop, stop, &s, &s.waker), ST_OK);
	assert_int_equal(pthread_create(&t, NULL, wake_it, &s), 0);
	assert_int_equal(loop_run(s.loop), ST_OK);
	assert_int_equal(s.count, 1);
	pthread_join(t, NULL);
	loop_waker_close(s.waker);
	loop_close(s.loop);
	loop_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_descriptor_is_watched_for_what_is_wanted),
	    cmocka_unit_test(a_watch_may_close_itself),
	    cmocka_unit_test(a_timer_fires_once_for_each_setting),
	    cmocka_unit_test(a_signal_is_an_event),
	    cmocka_unit_test(another_thread_wakes_the_loop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
