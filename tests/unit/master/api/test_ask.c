#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "master/api/ask.h"
#include "master/proc/peers.h"

/* Core and the loop's thread in one: woken, it takes what is queued. */
struct core {
	struct ask *ask;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned woken;
	struct buf asked[8]; /* packed questions */
	size_t count;
	bool away; /* takes nothing */
};

static void
wake(void *arg)
{
	struct core *c = arg;

	pthread_mutex_lock(&c->lock);
	c->woken++;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
}

static enum status
take(void *arg, struct span body)
{
	struct core *c = arg;

	if (c->away || c->count == 8)
		return ST_FULL;
	buf_init(&c->asked[c->count], 65536);
	return buf_add(&c->asked[c->count++], body.ptr, body.len);
}

static void
make(struct core *c)
{
	memset(c, 0, sizeof(*c));
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->changed, NULL);
	assert_int_equal(ask_open(wake, c, &c->ask), ST_OK);
}

static void
drop(struct core *c)
{
	for (size_t i = 0; i < c->count; i++)
		buf_fini(&c->asked[i]);
	ask_close(c->ask);
}

static void
wait_woken(struct core *c, unsigned n)
{
	pthread_mutex_lock(&c->lock);
	while (c->woken < n)
		pthread_cond_wait(&c->changed, &c->lock);
	pthread_mutex_unlock(&c->lock);
}

static void
answer(struct core *c, size_t i, unsigned http, const char *text)
{
	struct peer_ask question;
	struct peer_answer m = {.http = (uint16_t)http, .body = span_str(text)};
	struct buf b;

	assert_int_equal(peer_ask_unpack(buf_span(&c->asked[i]), &question),
			 ST_OK);
	m.tag = question.tag;
	buf_init(&b, 65536);
	assert_int_equal(peer_answer_pack(&m, &b), ST_OK);
	ask_answered(c->ask, buf_span(&b));
	buf_fini(&b);
}

/* A worker. */
struct call {
	struct ask *ask;
	const char *op;
	pthread_t thread;
	enum status st;
	unsigned http;
	struct buf body;
};

static void *
call(void *arg)
{
	struct call *k = arg;
	struct ask_question q = {.user = 5,
				 .address = "192.0.2.1",
				 .op = k->op,
				 .args = span_str("{\"a\":1}")};

	k->st = ask_call(k->ask, &q, &k->http, &k->body);
	return NULL;
}

static void
start(struct call *k, struct core *c, const char *op)
{
	*k = (struct call){.ask = c->ask, .op = op};
	buf_init(&k->body, 65536);
	assert_int_equal(pthread_create(&k->thread, NULL, call, k), 0);
}

static void
end(struct call *k, enum status st)
{
	assert_int_equal(pthread_join(k->thread, NULL), 0);
	assert_int_equal(k->st, st);
}

static void
each_answer_reaches_who_asked(void **state)
{
	struct call first, second;
	struct peer_ask m;
	struct core c;

	(void)state;
	make(&c);
	start(&first, &c, "scan.create");
	wait_woken(&c, 1);
	start(&second, &c, "scan.stop");
	wait_woken(&c, 2);
	ask_flush(c.ask, take, &c);
	assert_int_equal(c.count, 2);
	assert_int_equal(peer_ask_unpack(buf_span(&c.asked[0]), &m), ST_OK);
	assert_true(str_is(m.op, "scan.create"));
	assert_true(str_is(m.args, "{\"a\":1}"));
	assert_true(str_is(m.address, "192.0.2.1"));
	assert_int_equal(m.user, 5);
	answer(&c, 1, 202, "{\"n\":2}");
	answer(&c, 0, 201, "{\"n\":1}");
	end(&first, ST_OK);
	end(&second, ST_OK);
	assert_int_equal(first.http, 201);
	assert_true(str_is(buf_span(&first.body), "{\"n\":1}"));
	assert_int_equal(second.http, 202);
	assert_true(str_is(buf_span(&second.body), "{\"n\":2}"));
	buf_fini(&first.body);
	buf_fini(&second.body);
	drop(&c);
}

static void
when_core_goes_away_only_what_was_sent_is_lost(void **state)
{
	struct call sent, waits;
	struct core c;

	(void)state;
	make(&c);
	start(&sent, &c, "a");
	wait_woken(&c, 1);
	ask_flush(c.ask, take, &c);
	c.away = true;
	start(&waits, &c, "b");
	wait_woken(&c, 2);
	ask_flush(c.ask, take, &c);
	assert_int_equal(c.count, 1);
	ask_down(c.ask);
	end(&sent, ST_CLOSED);
	/* A new core gets what was still queued. */
	c.away = false;
	ask_flush(c.ask, take, &c);
	assert_int_equal(c.count, 2);
	answer(&c, 1, 200, "{}");
	end(&waits, ST_OK);
	buf_fini(&sent.body);
	buf_fini(&waits.body);
	drop(&c);
}

static void
what_is_only_told_needs_no_answer(void **state)
{
	struct ask_question q = {.address = "-", .op = "session.touch"};
	struct core c;

	(void)state;
	make(&c);
	q.args = span_str("{}");
	ask_tell(c.ask, &q);
	ask_flush(c.ask, take, &c);
	assert_int_equal(c.count, 1);
	answer(&c, 0, 200, "{}");
	ask_down(c.ask);
	drop(&c);
}

static void
an_answer_to_nobody_is_ignored(void **state)
{
	struct peer_answer m = {.tag = 77, .http = 200};
	struct core c;
	struct buf b;

	(void)state;
	make(&c);
	buf_init(&b, 1024);
	assert_int_equal(peer_answer_pack(&m, &b), ST_OK);
	ask_answered(c.ask, buf_span(&b));
	ask_answered(c.ask, span_str("\xff\xff\xff"));
	buf_fini(&b);
	drop(&c);
}

static void
after_the_stop_nobody_waits(void **state)
{
	struct ask_question q = {.address = "-", .op = "a"};
	struct call k;
	struct buf body;
	unsigned http;
	struct core c;

	(void)state;
	make(&c);
	start(&k, &c, "a");
	wait_woken(&c, 1);
	ask_stop(c.ask);
	end(&k, ST_CLOSED);
	buf_init(&body, 16);
	q.args = span_str("{}");
	assert_int_equal(ask_call(c.ask, &q, &http, &body), ST_CLOSED);
	buf_fini(&k.body);
	drop(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_answer_reaches_who_asked),
	    cmocka_unit_test(when_core_goes_away_only_what_was_sent_is_lost),
	    cmocka_unit_test(what_is_only_told_needs_no_answer),
	    cmocka_unit_test(an_answer_to_nobody_is_ignored),
	    cmocka_unit_test(after_the_stop_nobody_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
