#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "master/api/sse.h"

/* A connection that only counts. */
struct conn {
	int sleeps, wakes;
};

static void
fake_sleep(void *conn)
{
	((struct conn *)conn)->sleeps++;
}

static void
fake_wake(void *conn)
{
	((struct conn *)conn)->wakes++;
}

static const struct sse_ops ops = {.sleep = fake_sleep, .wake = fake_wake};

static struct sse *
make(size_t cap)
{
	struct sse *s;

	assert_int_equal(sse_open(&ops, cap, &s), ST_OK);
	return s;
}

static struct sse_client *
join(struct sse *s, struct conn *conn, const char *last_id)
{
	struct sse_join j = {.last_id = last_id, .ends = 1000};
	struct sse_client *c;

	j.who[0] = 7;
	assert_int_equal(sse_join(s, &j, &c), ST_OK);
	sse_bind(c, conn);
	return c;
}

/* All that is there, as text; the client sleeps then or is over. */
static char *
drain(struct sse_client *c, size_t step)
{
	static char text[1 << 20];
	size_t n = 0;
	ssize_t got;

	while ((got = sse_read(c, text + n, step)) > 0)
		n += (size_t)got;
	text[n] = '\0';
	return text;
}

static void
publish(struct sse *s, const char *type, const char *data)
{
	sse_publish(s, span_str(type), span_str(data));
}

static void
events_come_in_their_order_with_ids(void **state)
{
	struct sse *s = make(4);
	struct conn conn = {0};
	struct sse_client *c = join(s, &conn, NULL);
	const char *text;

	(void)state;
	publish(s, "scan", "{\"id\":\"1\"}");
	publish(s, "agent", "{\"id\":\"2\"}");
	text = drain(c, 7); /* pieces of any size */
	assert_non_null(strstr(text, "retry: 2000\n\n"));
	assert_non_null(
	    strstr(text, "-1\nevent: scan\ndata: {\"id\":\"1\"}\n\n"));
	assert_non_null(
	    strstr(text, "-2\nevent: agent\ndata: {\"id\":\"2\"}\n\n"));
	assert_true(strstr(text, "event: scan") < strstr(text, "event: agent"));
	assert_int_equal(conn.sleeps, 1);
	sse_leave(c);
	sse_close(s);
}

static void
a_sleeper_is_woken_once_for_an_event(void **state)
{
	struct sse *s = make(4);
	struct conn conn = {0};
	struct sse_client *c = join(s, &conn, NULL);

	(void)state;
	drain(c, 4096);
	assert_int_equal(conn.sleeps, 1);
	publish(s, "scan", "{}");
	publish(s, "scan", "{}");
	assert_int_equal(conn.wakes, 1);
	drain(c, 4096);
	assert_int_equal(conn.sleeps, 2);
	sse_ping(s);
	assert_int_equal(conn.wakes, 2);
	assert_string_equal(drain(c, 4096), ": \n\n");
	sse_leave(c);
	sse_close(s);
}

/* What stands behind "id: " in the first line that has it. */
static void
copy_id(char *dst, size_t room, const char *text)
{
	const char *at = strstr(text, "id: ");

	assert_non_null(at);
	at += strlen("id: ");
	snprintf(dst, room, "%.*s", (int)strcspn(at, "\n"), at);
}

static void
who_comes_back_gets_what_was_missed(void **state)
{
	struct sse *s = make(4);
	struct conn conn = {0};
	struct sse_client *c = join(s, &conn, NULL);
	char id[64];

	(void)state;
	publish(s, "scan", "{\"n\":1}");
	copy_id(id, sizeof(id), drain(c, 4096));
	sse_leave(c);
	publish(s, "scan", "{\"n\":2}");
	publish(s, "scan", "{\"n\":3}");
	c = join(s, &conn, id);
	assert_null(strstr(drain(c, 4096), "reset"));
	sse_leave(c);
	c = join(s, &conn, id);
	{
		const char *text = drain(c, 4096);

		assert_null(strstr(text, "{\"n\":1}"));
		assert_non_null(strstr(text, "{\"n\":2}"));
		assert_non_null(strstr(text, "{\"n\":3}"));
	}
	sse_leave(c);
	sse_close(s);
}

static void
an_id_that_is_not_ours_brings_a_reset(void **state)
{
	static const char *const ids[] = {"", "x", "00000000-1", "7",
					  "ffffffff-99999999999999999999"};
	struct sse *s = make(4);
	struct conn conn = {0};

	(void)state;
	publish(s, "scan", "{\"n\":1}");
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct sse_client *c = join(s, &conn, ids[i]);
		const char *text = drain(c, 4096);

		assert_non_null(strstr(text, "event: reset\ndata: {}\n\n"));
		assert_null(strstr(text, "{\"n\":1}"));
		sse_leave(c);
	}
	sse_close(s);
}

static void
who_falls_behind_the_ring_gets_a_reset_and_goes_on(void **state)
{
	struct sse *s = make(4);
	struct conn conn = {0};
	struct sse_client *c = join(s, &conn, NULL);
	const char *text;

	(void)state;
	drain(c, 4096);
	for (int i = 0; i < SSE_RING + 1; i++)
		publish(s, "scan", "{\"old\":1}");
	text = drain(c, 4096);
	assert_non_null(strstr(text, "event: reset"));
	assert_null(strstr(text, "old"));
	publish(s, "scan", "{\"new\":1}");
	assert_non_null(strstr(drain(c, 4096), "new"));
	sse_leave(c);
	sse_close(s);
}

static void
an_event_cut_in_half_by_the_ring_ends_the_stream(void **state)
{
	struct sse *s = make(4);
	struct conn conn = {0};
	struct sse_client *c = join(s, &conn, NULL);
	char dst[8];

	(void)state;
	drain(c, 4096);
	publish(s, "scan", "{\"n\":1}");
	assert_int_equal(sse_read(c, dst, sizeof(dst)), 8);
	for (int i = 0; i < SSE_RING; i++)
		publish(s, "scan", "{}");
	assert_int_equal(sse_read(c, dst, sizeof(dst)), -1);
	sse_leave(c);
	sse_close(s);
}

static void
a_line_break_or_too_much_becomes_a_reset(void **state)
{
	struct sse *s = make(4);
	struct conn conn = {0};
	struct sse_client *c = join(s, &conn, NULL);
	char *large = malloc(SSE_EVENT_MAX + 1);

	(void)state;
	assert_non_null(large);
	drain(c, 4096);
	publish(s, "scan", "{\"a\":\"b\n\nevent: evil\"}");
	assert_null(strstr(drain(c, 4096), "evil"));
	memset(large, 'x', SSE_EVENT_MAX + 1);
	sse_publish(s, span_str("scan"), span_of(large, SSE_EVENT_MAX + 1));
	assert_non_null(strstr(drain(c, 4096), "event: reset"));
	free(large);
	sse_leave(c);
	sse_close(s);
}

static void
streams_end_with_their_session(void **state)
{
	struct sse *s = make(4);
	struct conn conn = {0};
	struct sse_client *c = join(s, &conn, NULL);
	uint8_t who[32] = {7}, other[32] = {8};
	char dst[64];

	(void)state;
	drain(c, 4096);
	sse_drop(s, other);
	assert_int_equal(conn.wakes, 0);
	sse_sweep(s, 999, NULL, NULL);
	assert_int_equal(conn.wakes, 0);
	sse_drop(s, who);
	assert_int_equal(conn.wakes, 1);
	assert_int_equal(sse_read(c, dst, sizeof(dst)), -1);
	sse_leave(c);
	c = join(s, &conn, NULL);
	sse_sweep(s, 1000, NULL, NULL);
	assert_int_equal(sse_read(c, dst, sizeof(dst)), -1);
	sse_leave(c);
	sse_close(s);
}

static void
clients_are_bounded_and_none_joins_after_the_end(void **state)
{
	struct sse *s = make(2);
	struct conn conn = {0};
	struct sse_client *a = join(s, &conn, NULL), *b = join(s, &conn, NULL);
	struct sse_join j = {.ends = 1};
	struct sse_client *c;
	char dst[64];

	(void)state;
	assert_int_equal(sse_count(s), 2);
	assert_int_equal(sse_join(s, &j, &c), ST_LIMIT);
	sse_leave(a);
	sse_stop(s);
	assert_int_equal(sse_join(s, &j, &c), ST_CLOSED);
	assert_int_equal(sse_read(b, dst, sizeof(dst)), -1);
	sse_leave(b);
	assert_int_equal(sse_count(s), 0);
	sse_close(s);
}

/* ---- no wake-up is lost -------------------------------------------------- */

struct sleeper {
	pthread_mutex_t lock;
	pthread_cond_t woken;
	bool asleep;
};

static void
thread_sleep(void *conn)
{
	struct sleeper *s = conn;

	pthread_mutex_lock(&s->lock);
	s->asleep = true;
	pthread_mutex_unlock(&s->lock);
}

static void
thread_wake(void *conn)
{
	struct sleeper *s = conn;

	pthread_mutex_lock(&s->lock);
	s->asleep = false;
	pthread_cond_signal(&s->woken);
	pthread_mutex_unlock(&s->lock);
}

#define EVENTS 20000

static void *
publish_many(void *arg)
{
	char data[32];

	for (int i = 1; i <= EVENTS; i++) {
		snprintf(data, sizeof(data), "{\"n\":%d}", i);
		publish(arg, "scan", data);
	}
	return NULL;
}

/* It may lose events to the ring, but it always learns of the last one. */
static void
a_reader_beside_a_publisher_never_sleeps_for_ever(void **state)
{
	static const struct sse_ops threads = {.sleep = thread_sleep,
					       .wake = thread_wake};
	struct sleeper sleeper = {.lock = PTHREAD_MUTEX_INITIALIZER,
				  .woken = PTHREAD_COND_INITIALIZER};
	struct sse_join j = {.ends = 1};
	struct sse_client *c;
	struct sse *s;
	pthread_t thread;
	bool last = false;
	char text[4097];

	(void)state;
	assert_int_equal(sse_open(&threads, 1, &s), ST_OK);
	assert_int_equal(sse_join(s, &j, &c), ST_OK);
	sse_bind(c, &sleeper);
	assert_int_equal(pthread_create(&thread, NULL, publish_many, s), 0);
	while (!last) {
		ssize_t n = sse_read(c, text, sizeof(text) - 1);

		/* Cut off in the middle of an event: a browser comes back. */
		if (n < 0)
			break;
		text[n] = '\0';
		if (strstr(text, "{\"n\":20000}") != NULL ||
		    strstr(text, "-20000\n") != NULL)
			last = true;
		pthread_mutex_lock(&sleeper.lock);
		while (sleeper.asleep)
			pthread_cond_wait(&sleeper.woken, &sleeper.lock);
		pthread_mutex_unlock(&sleeper.lock);
	}
	assert_int_equal(pthread_join(thread, NULL), 0);
	sse_leave(c);
	sse_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(events_come_in_their_order_with_ids),
	    cmocka_unit_test(a_sleeper_is_woken_once_for_an_event),
	    cmocka_unit_test(who_comes_back_gets_what_was_missed),
	    cmocka_unit_test(an_id_that_is_not_ours_brings_a_reset),
	    cmocka_unit_test(
		who_falls_behind_the_ring_gets_a_reset_and_goes_on),
	    cmocka_unit_test(an_event_cut_in_half_by_the_ring_ends_the_stream),
	    cmocka_unit_test(a_line_break_or_too_much_becomes_a_reset),
	    cmocka_unit_test(streams_end_with_their_session),
	    cmocka_unit_test(clients_are_bounded_and_none_joins_after_the_end),
	    cmocka_unit_test(a_reader_beside_a_publisher_never_sleeps_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
