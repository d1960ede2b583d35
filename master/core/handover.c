#include "master/core/handover.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/str.h"
#include "master/core/agents.h"
#include "master/core/events.h"
#include "master/sched/moves.h"
#include "model/task.h"

#define AGAIN_MS 10000 /* the database was in trouble */

static uint64_t
now_ms(const struct core *c)
{
	return clock_mono_ms(c->clock);
}

static void
look_in(struct core *c, uint64_t ms)
{
	if (c->handover != NULL && loop_timer_set(c->handover, ms) != ST_OK)
		log_error("no timer for proxies that are away");
}

/* ---- who goes, who comes ----------------------------------------------------
 */

static enum status
note_remote(void *arg, const struct task_row *t)
{
	if (t->url.len == 0)
		return ST_OK;
	*(bool *)arg = true;
	return ST_EOF;
}

/* Time in which an agent was connected, whichever. */
static uint64_t
heard_ms(const struct core *c)
{
	return c->heard + (c->there > 0 ? now_ms(c) - c->heard_from : 0);
}

void
handover_came(struct core *c)
{
	if (c->there++ == 0)
		c->heard_from = now_ms(c);
}

void
handover_left(struct core *c, struct live *a)
{
	bool holds = false;

	a->left = now_ms(c);
	a->left_heard = c->heard = heard_ms(c);
	c->heard_from = a->left;
	c->there--;
	/* When that cannot be read it is looked for all the same. */
	if (q_agent_tasks(c->store, a->agent, note_remote, &holds) != ST_OK)
		holds = true;
	c->held_away |= holds;
	if (holds)
		look_in(c, 0);
}

void
handover_start(struct core *c)
{
	c->held_away = true; /* by whoever had something before us */
	look_in(c, 0);
}

void
handover_timer(void *core)
{
	struct core *c = core;

	if (c->trouble != STORE_WELL)
		look_in(c, AGAIN_MS);
	proxies_assign(c);
}

/* ---- who is there and hangs ------------------------------------------------
 */

static bool
hangs_now(const struct core *c, const struct moving *m)
{
	return m->remote && !m->hangs && m->state == TASK_RUNNING &&
	       now_ms(c) - m->signed_at >= c->config.proxy_hung;
}

void
handover_look(struct core *c)
{
	struct moving *m;
	bool any = false;
	size_t at = 0;

	while ((m = table_next(c->moving, &at, NULL)) != NULL) {
		if (!hangs_now(c, m))
			continue;
		log_warn("a proxy gives no sign of life of a task scan=%llu"
			 " task=%llu",
			 (unsigned long long)m->scan,
			 (unsigned long long)m->task);
		m->hangs = any = true;
	}
	if (!any)
		return;
	c->held_away = true;
	proxies_assign(c);
}

/* ---- what becomes of its tasks ----------------------------------------------
 */

struct holding {
	struct giving *g;
	bool any;      /* somebody who holds one is away, or hangs */
	bool hangs;    /* who holds the one at hand: it is there */
	uint64_t next; /* ms until another is due, 0: none */
};

static bool
is_there(struct core *c, uint64_t agent)
{
	const struct live *a = agents_find(c, agent);

	return a != NULL && a->conn != 0;
}

static bool
hangs(const struct core *c, uint64_t task)
{
	const struct moving *m = table_find_u64(c->moving, task);

	return m != NULL && m->hangs;
}

/* How long it may still be away. */
static uint64_t
left_of(const struct core *c, uint64_t gone)
{
	return gone < c->config.proxy_away ? c->config.proxy_away - gone : 0;
}

static uint64_t
due_in(struct core *c, uint64_t agent)
{
	const struct live *a = agents_find(c, agent);

	return left_of(c, now_ms(c) - (a != NULL ? a->left : c->began));
}

/*
 * The same without the time in which nobody was there: then the fault was
 * elsewhere, and it may come as soon as the others.
 */
static uint64_t
due_heard_in(struct core *c, uint64_t agent)
{
	const struct live *a = agents_find(c, agent);

	return left_of(c, heard_ms(c) - (a != NULL ? a->left_heard : 0));
}

static void
wait_for(struct holding *h, uint64_t ms)
{
	if (h->next == 0 || ms < h->next)
		h->next = ms;
}

static struct decision *
note(struct giving *g, const struct held_row *r)
{
	struct decision *d = &g->made[g->made_count++];

	*d = (struct decision){.task = r->asks.task, .scan = r->asks.scan};
	return d;
}

static void
pass_on(struct holding *h, const struct held_row *r, size_t which)
{
	struct choice_proxy *to = &h->g->list[which];
	uint64_t ms = h->hangs ? 0 : due_heard_in(h->g->c, r->agent);
	struct decision *d;

	if (ms > 0) {
		wait_for(h, ms);
		return;
	}
	d = note(h->g, r);
	d->what = DECIDE_MOVE;
	d->agent = to->agent;
	d->from = h->hangs ? r->agent : 0;
	to->tasks++;
}

static enum status
hold(struct holding *h, const struct held_row *r, enum choice_lack lack)
{
	const struct holder holder = {.name = r->holder, .hangs = h->hangs};
	struct giving *g = h->g;
	struct span why = {0};
	struct decision *d;
	enum status st = proxies_explain(g, &r->asks, &holder, lack, &why);

	if (st != ST_OK ||
	    (r->state == TASK_QUEUED && span_eq(why, r->asks.message)))
		return st;
	d = note(g, r);
	d->what = DECIDE_HOLD;
	d->why = why;
	return ST_OK;
}

/* Another can have it, or there is a reason why none can. */
static enum status
look_for_another(struct holding *h, const struct held_row *r)
{
	enum choice_lack lack = CHOICE_NOBODY;
	struct giving *g = h->g;
	size_t which = 0;

	proxies_weigh(g, &r->asks);
	for (size_t i = 0; i < g->proxies; i++)
		if (g->list[i].agent == r->agent)
			g->list[i].may = false;
	if (choice_find(g->list, g->proxies, &which, &lack) != ST_OK)
		return hold(h, r, lack);
	pass_on(h, r, which);
	return ST_OK;
}

/* What a person wants of it its link sees to, which is well. */
static enum status
decide_hung(struct holding *h, const struct held_row *r)
{
	h->any = true;
	return r->wanted == 0 || r->wanted == TASK_RESUME
		   ? look_for_another(h, r)
		   : ST_OK;
}

static enum status
decide(void *arg, const struct held_row *r)
{
	struct holding *h = arg;
	struct giving *g = h->g;
	struct move m = moves_free(r->state, r->wanted);
	uint64_t ms;

	h->hangs = hangs(g->c, r->asks.task);
	if (g->made_count >= DECISIONS_MAX / 2)
		return ST_EOF; /* the rest is for those that wait */
	if (h->hangs && is_there(g->c, r->agent))
		return decide_hung(h, r);
	h->hangs = false;
	if (is_there(g->c, r->agent)) {
		if (r->state == TASK_QUEUED && r->asks.message.len > 0)
			note(g, r)->what = DECIDE_WAIT; /* no more */
		return ST_OK;
	}
	h->any = true;
	ms = due_in(g->c, r->agent);
	if (ms > 0)
		wait_for(h, ms);
	else if (m.over)
		note(g, r)->what = DECIDE_MOVE;
	else if (m.state != TASK_PAUSED)
		return look_for_another(h, r);
	return ST_OK;
}

enum status
handover_decide(struct giving *g)
{
	struct holding h = {.g = g};
	enum status st = ST_OK;

	if (!g->c->held_away)
		return ST_OK;
	st = q_tasks_held(g->c->store, decide, &h);
	if (st != ST_OK && st != ST_EOF)
		return st;
	g->c->held_away = h.any;
	if (h.next > 0)
		look_in(g->c, h.next);
	return ST_OK;
}

/* ---- what is written --------------------------------------------------------
 */

struct moving_on {
	struct core *c;
	const struct decision *d;
};

static enum status
move_this(void *arg, const struct task_row *t)
{
	const struct moving_on *m = arg;

	log_info("a proxy %s, its task is another's scan=%llu task=%llu"
		 " from=%llu to=%llu",
		 m->d->from != 0 ? "hangs" : "is away",
		 (unsigned long long)t->scan, (unsigned long long)t->id,
		 (unsigned long long)t->agent, (unsigned long long)m->d->agent);
	if (m->d->from != 0) {
		enum status st = q_task_tried(m->c->store, t->id, t->agent,
					      span_str("it did not get on"));

		if (st != ST_OK)
			return st;
	}
	return proxies_move_task(m->c, t, m->d->agent);
}

enum status
handover_move(struct core *c, const struct decision *d)
{
	struct moving_on m = {.c = c, .d = d};

	return q_task_get(c->store, d->task, move_this, &m);
}

enum status
handover_hold(struct core *c, const struct decision *d)
{
	enum status st = q_task_set_state(c->store, d->task, TASK_QUEUED,
					  d->why, core_now(c));

	if (!hangs(c, d->task)) /* it may get on again */
		free(table_take_u64(c->moving, d->task));
	if (st == ST_OK)
		st = q_scan_follow(c->store, d->scan, core_now(c));
	return st;
}
