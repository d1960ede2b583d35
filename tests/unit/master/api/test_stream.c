#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "master/api/stream.h"

struct conn {
	pthread_mutex_t lock;
	pthread_cond_t woken;
	bool asleep;
};

static void
fake_sleep(void *arg)
{
	struct conn *c = arg;

	pthread_mutex_lock(&c->lock);
	c->asleep = true;
	pthread_mutex_unlock(&c->lock);
}

static void
fake_wake(void *arg)
{
	struct conn *c = arg;

	pthread_mutex_lock(&c->lock);
	c->asleep = false;
	pthread_cond_signal(&c->woken);
	pthread_mutex_unlock(&c->lock);
}

static const struct stream_ops ops = {.sleep = fake_sleep, .wake = fake_wake};

#define TOTAL ((size_t)3 * STREAM_ROOM + 12345)

static void *
write_all(void *arg)
{
	struct stream *s = arg;
	uint8_t piece[1000];
	size_t at = 0;

	while (at < TOTAL) {
		size_t n =
		    TOTAL - at < sizeof(piece) ? TOTAL - at : sizeof(piece);

		for (size_t i = 0; i < n; i++)
			piece[i] = (uint8_t)((at + i) * 31 % 251);
		if (stream_write(s, span_of(piece, n)) != ST_OK)
			break;
		at += n;
	}
	stream_end(s, at == TOTAL);
	stream_unref(s);
	return NULL;
}

static void
all_bytes_arrive_in_order_however_slow_the_reader(void **state)
{
	struct conn conn = {.lock = PTHREAD_MUTEX_INITIALIZER,
			    .woken = PTHREAD_COND_INITIALIZER};
	struct stream *s;
	pthread_t thread;
	char dst[777];
	size_t at = 0;
	ssize_t n;

	(void)state;
	assert_int_equal(stream_open(&ops, &s), ST_OK);
	stream_ref(s);
	stream_bind(s, &conn);
	assert_int_equal(pthread_create(&thread, NULL, write_all, s), 0);
	while ((n = stream_read(s, dst, sizeof(dst))) >= 0) {
		for (ssize_t i = 0; i < n; i++)
			assert_int_equal((uint8_t)dst[i],
					 (at + (size_t)i) * 31 % 251);
		at += (size_t)n;
		pthread_mutex_lock(&conn.lock);
		while (conn.asleep)
			pthread_cond_wait(&conn.woken, &conn.lock);
		pthread_mutex_unlock(&conn.lock);
	}
	assert_int_equal(n, -1);
	assert_int_equal(at, TOTAL);
	assert_int_equal(pthread_join(thread, NULL), 0);
	stream_unref(s);
}

static void
a_writer_learns_that_the_reader_has_left(void **state)
{
	struct conn conn = {.lock = PTHREAD_MUTEX_INITIALIZER,
			    .woken = PTHREAD_COND_INITIALIZER};
	struct stream *s;
	pthread_t thread;
	char dst[16];

	(void)state;
	assert_int_equal(stream_open(&ops, &s), ST_OK);
	stream_ref(s);
	stream_bind(s, &conn);
	/* It fills the room and waits there, or has not begun yet. */
	assert_int_equal(pthread_create(&thread, NULL, write_all, s), 0);
	(void)stream_read(s, dst, sizeof(dst));
	stream_leave(s);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(stream_write(s, span_str("x")), ST_CLOSED);
	stream_unref(s);
}

static void
a_break_is_told_from_an_end(void **state)
{
	struct conn conn = {.lock = PTHREAD_MUTEX_INITIALIZER,
			    .woken = PTHREAD_COND_INITIALIZER};
	struct stream *s;
	char dst[16];

	(void)state;
	assert_int_equal(stream_open(&ops, &s), ST_OK);
	stream_bind(s, &conn);
	assert_int_equal(stream_read(s, dst, sizeof(dst)), 0);
	assert_true(conn.asleep);
	assert_int_equal(stream_write(s, span_str("abc")), ST_OK);
	assert_false(conn.asleep);
	stream_end(s, false);
	assert_int_equal(stream_read(s, dst, 2), 2);
	assert_int_equal(stream_read(s, dst, 2), 1);
	assert_int_equal(stream_read(s, dst, 2), -2);
	stream_unref(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_bytes_arrive_in_order_however_slow_the_reader),
	    cmocka_unit_test(a_writer_learns_that_the_reader_has_left),
	    cmocka_unit_test(a_break_is_told_from_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
