#include "master/api/ask.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/must.h"
#include "master/proc/peers.h"

/* Bytes of a packed question: a body from outside and what stands round it. */
#define BODY_ROOM (2 * 1024 * 1024)

enum stage { STAGE_FREE, STAGE_QUEUED, STAGE_SENT, STAGE_DONE };

struct slot {
	enum stage stage;
	bool waited; /* a worker waits for it */
	uint64_t tag;
	struct buf message; /* packed peer_ask, until it is sent */
	enum status st;     /* when done */
	unsigned http;
	struct buf *body; /* of the worker */
	pthread_cond_t done;
};

struct ask {
	ask_wake_fn *wake;
	void *arg;
	pthread_mutex_t lock; /* all below */
	struct slot slots[ASK_MAX];
	uint64_t tag; /* of the last question */
	bool stopped;
};

static void
lock(struct ask *a)
{
	must(pthread_mutex_lock(&a->lock) == 0);
}

static void
unlock(struct ask *a)
{
	must(pthread_mutex_unlock(&a->lock) == 0);
}

enum status
ask_open(ask_wake_fn *wake, void *arg, struct ask **out)
{
	struct ask *a = calloc(1, sizeof(*a));
	pthread_condattr_t attr;

	if (a == NULL)
		return ST_NOMEM;
	a->wake = wake;
	a->arg = arg;
	must(pthread_mutex_init(&a->lock, NULL) == 0);
	must(pthread_condattr_init(&attr) == 0);
	/* A wall clock that jumps must not end a wait. */
	must(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0);
	for (size_t i = 0; i < ASK_MAX; i++) {
		must(pthread_cond_init(&a->slots[i].done, &attr) == 0);
		buf_init(&a->slots[i].message, BODY_ROOM);
	}
	pthread_condattr_destroy(&attr);
	*out = a;
	return ST_OK;
}

void
ask_close(struct ask *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < ASK_MAX; i++) {
		must(!a->slots[i].waited);
		pthread_cond_destroy(&a->slots[i].done);
		buf_fini(&a->slots[i].message);
	}
	pthread_mutex_destroy(&a->lock);
	free(a);
}

static void
free_slot(struct slot *s)
{
	buf_fini(&s->message);
	buf_init(&s->message, BODY_ROOM);
	s->body = NULL;
	s->waited = false;
	s->stage = STAGE_FREE;
}

static enum status
queue(struct ask *a, const struct ask_question *q, struct slot **out)
{
	struct slot *s = NULL;
	struct peer_ask m = {
	    .user = q->user,
	    .address = span_str(q->address),
	    .op = span_str(q->op),
	    .args = q->args,
	};
	enum status st;

	if (a->stopped)
		return ST_CLOSED;
	for (size_t i = 0; i < ASK_MAX && s == NULL; i++)
		if (a->slots[i].stage == STAGE_FREE)
			s = &a->slots[i];
	if (s == NULL)
		return ST_LIMIT;
	m.tag = s->tag = ++a->tag;
	st = peer_ask_pack(&m, &s->message);
	if (st != ST_OK) {
		free_slot(s);
		return st;
	}
	s->stage = STAGE_QUEUED;
	*out = s;
	return ST_OK;
}

static void
wait_for(struct ask *a, struct slot *s)
{
	struct timespec until;

	must(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
	until.tv_sec += ASK_SECONDS;
	while (s->stage != STAGE_DONE) {
		int err = pthread_cond_timedwait(&s->done, &a->lock, &until);

		if (err == 0 || s->stage == STAGE_DONE)
			continue;
		s->st = ST_TIMEOUT;
		return;
	}
}

enum status
ask_call(struct ask *a, const struct ask_question *q, unsigned *http,
	 struct buf *body)
{
	struct slot *s;
	enum status st;

	lock(a);
	st = queue(a, q, &s);
	if (st != ST_OK) {
		unlock(a);
		return st;
	}
	s->waited = true;
	s->body = body;
	a->wake(a->arg);
	wait_for(a, s);
	st = s->st;
	*http = s->http;
	free_slot(s);
	unlock(a);
	return st;
}

void
ask_tell(struct ask *a, const struct ask_question *q)
{
	struct slot *s;

	lock(a);
	if (queue(a, q, &s) == ST_OK)
		a->wake(a->arg);
	unlock(a);
}

/* The queued slot with the lowest tag: questions keep their order. */
static struct slot *
first_queued(struct ask *a)
{
	struct slot *first = NULL;

	for (size_t i = 0; i < ASK_MAX; i++) {
		struct slot *s = &a->slots[i];

		if (s->stage == STAGE_QUEUED &&
		    (first == NULL || s->tag < first->tag))
			first = s;
	}
	return first;
}

void
ask_flush(struct ask *a, ask_send_fn *send, void *arg)
{
	struct slot *s;

	lock(a);
	while ((s = first_queued(a)) != NULL) {
		if (send(arg, buf_span(&s->message)) != ST_OK)
			break;
		s->stage = STAGE_SENT;
		if (!s->waited)
			free_slot(s);
	}
	unlock(a);
}

static void
finish(struct slot *s, enum status st)
{
	s->st = st;
	s->stage = STAGE_DONE;
	must(pthread_cond_signal(&s->done) == 0);
}

void
ask_answered(struct ask *a, struct span body)
{
	struct peer_answer m;

	if (peer_answer_unpack(body, &m) != ST_OK)
		return;
	lock(a);
	for (size_t i = 0; i < ASK_MAX; i++) {
		struct slot *s = &a->slots[i];

		if (s->stage != STAGE_SENT || s->tag != m.tag)
			continue;
		s->http = m.http;
		finish(s, buf_add(s->body, m.body.ptr, m.body.len));
		break;
	}
	unlock(a);
}

void
ask_down(struct ask *a)
{
	lock(a);
	for (size_t i = 0; i < ASK_MAX; i++)
		if (a->slots[i].stage == STAGE_SENT)
			finish(&a->slots[i], ST_CLOSED);
	unlock(a);
}

void
ask_stop(struct ask *a)
{
	lock(a);
	a->stopped = true;
	for (size_t i = 0; i < ASK_MAX; i++) {
		struct slot *s = &a->slots[i];

		if (s->stage == STAGE_FREE || s->stage == STAGE_DONE)
			continue;
		if (s->waited)
			finish(s, ST_CLOSED);
		else
			free_slot(s);
	}
	unlock(a);
}
