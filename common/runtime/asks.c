#include "runtime/asks.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "model/record.h"
#include "runtime/scanner.h"

#define QUESTION_MAX (64 * 1024) /* bytes of a packed one */

/* A place stays taken until the scanner's end is told. */
struct ask {
	struct asks *of;
	uint64_t tag;         /* 0: free */
	uint64_t id;          /* of the master */
	bool answered, ended; /* its scanner has ended */
	struct buf question;  /* packed, until it is told */
	struct scanner *scanner;
	struct loop_timer *late;
};

struct asks {
	struct loop *loop;
	struct asks_ops ops;
	void *arg;
	uint64_t last; /* tag that was given */
	struct ask ask[ASKS_MAX];
	struct agent_answer answer; /* large */
};

static struct ask *
find(struct asks *a, uint64_t tag)
{
	for (size_t i = 0; i < ASKS_MAX; i++)
		if (a->ask[i].tag == tag)
			return &a->ask[i];
	return NULL;
}

static void
say(struct asks *a, uint64_t id, enum answer_status status, const char *why)
{
	a->answer = (struct agent_answer){
	    .id = id, .status = (uint8_t)status, .why = span_str(why)};
	a->ops.answer(a->arg, &a->answer);
}

static void
clear(struct ask *q)
{
	scanner_close(q->scanner);
	loop_timer_close(q->late);
	buf_fini(&q->question);
	*q = (struct ask){0};
}

/* It has its answer, good or not; its scanner is of no more use. */
static void
finish(struct ask *q, enum answer_status status, const char *why)
{
	struct asks *a = q->of;

	if (!q->answered)
		say(a, q->id, status, why);
	q->answered = true;
	scanner_close(q->scanner);
	q->scanner = NULL;
	loop_timer_stop(q->late);
	if (q->ended)
		clear(q);
	else
		a->ops.kill(a->arg, q->tag);
}

static void
on_late(void *arg)
{
	finish(arg, ANSWER_TIMEOUT, "the target took too long to answer");
}

static void
on_record(void *arg, const struct record *r)
{
	struct ask *q = arg;
	struct asks *a = q->of;

	if (r->kind == RECORD_ANSWER && !q->answered &&
	    agent_answer_unpack(r->words, &a->answer) == ST_OK &&
	    a->answer.id == q->id) {
		q->answered = true;
		a->ops.answer(a->arg, &a->answer);
	}
	finish(q, ANSWER_TROUBLE, "the scanner's words are not understood");
}

static void
on_closed(void *arg, enum status why)
{
	(void)why;
	finish(arg, ANSWER_TROUBLE, "the scanner ended before it could answer");
}

static const struct scanner_ops scanner_ops = {on_record, on_closed};

enum status
asks_open(struct loop *l, const struct asks_ops *ops, void *arg,
	  struct asks **out)
{
	struct asks *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return ST_NOMEM;
	a->loop = l;
	a->ops = *ops;
	a->arg = arg;
	a->last = ASKS_TAG;
	*out = a;
	return ST_OK;
}

void
asks_close(struct asks *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < ASKS_MAX; i++)
		if (a->ask[i].tag != 0)
			clear(&a->ask[i]);
	free(a);
}

void
asks_take(struct asks *a, const struct agent_ask *m)
{
	struct ask *q = find(a, 0);
	enum status st;

	if (q == NULL) {
		say(a, m->id, ANSWER_BUSY,
		    "this agent has other questions to answer first");
		return;
	}
	q->of = a;
	q->id = m->id;
	buf_init(&q->question, QUESTION_MAX);
	st = agent_ask_pack(m, &q->question);
	if (st == ST_OK)
		st = loop_timer_open(a->loop, on_late, q, &q->late);
	if (st == ST_OK)
		st = loop_timer_set(q->late, ASKS_SECONDS * UINT64_C(1000));
	if (st != ST_OK) {
		clear(q);
		say(a, m->id, ANSWER_TROUBLE, "no memory for the question");
		return;
	}
	q->tag = ++a->last;
	a->ops.spawn(a->arg, q->tag);
}

void
asks_started(struct asks *a, uint64_t tag, int in, int out)
{
	struct ask *q = find(a, tag);
	struct record r = {.kind = RECORD_ASK};
	enum status st;

	if (q == NULL || q->answered) {
		close(in);
		close(out);
		return;
	}
	st = scanner_open(a->loop, in, out, &scanner_ops, q, &q->scanner);
	r.words = buf_span(&q->question);
	if (st == ST_OK)
		st = scanner_say(q->scanner, &r);
	if (st != ST_OK)
		finish(q, ANSWER_TROUBLE, "the scanner cannot be asked");
}

void
asks_ended(struct asks *a, uint64_t tag)
{
	struct ask *q = find(a, tag);

	if (q == NULL)
		return;
	q->ended = true;
	/* What it said last may still be in the pipe: its end comes there. */
	if (q->scanner == NULL)
		finish(q, ANSWER_TROUBLE, "the scanner cannot be started");
}
