#include "master/core/proxies.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "master/core/address.h"
#include "master/core/events.h"
#include "master/core/flow.h"
#include "master/core/handover.h"
#include "master/core/proxies_impl.h"
#include "master/core/servers.h"
#include "master/core/tasks.h"
#include "master/sched/moves.h"

/* ---- decisions --------------------------------------------------------------
 */

static enum status
decide(void *arg, const struct waiting_row *r)
{
	struct giving *g = arg;
	struct decision *d = &g->made[g->made_count];
	enum choice_lack lack;
	size_t which = 0;
	enum status st;

	if (g->made_count == DECISIONS_MAX)
		return ST_EOF;
	proxies_weigh(g, r);
	*d = (struct decision){.task = r->task, .scan = r->scan};
	if (choice_find(g->list, g->proxies, &which, &lack) == ST_OK) {
		bool full = false;

		st = servers_take(g, r->url, &full, &d->why);
		if (st != ST_OK)
			return st;
		if (full) {
			g->made_count += !span_eq(d->why, r->message);
			return ST_OK;
		}
		d->what = DECIDE_GIVE;
		d->agent = g->list[which].agent;
		g->list[which].tasks++;
		g->made_count++;
		return ST_OK;
	}
	st = proxies_explain(g, r, NULL, lack, &d->why);
	if (st == ST_OK && !span_eq(d->why, r->message))
		g->made_count++;
	return st;
}

static enum status
write_one(struct core *c, const struct decision *d)
{
	switch (d->what) {
	case DECIDE_WAIT:
		return q_task_waits(c->store, d->task, d->why);
	case DECIDE_GIVE:
		return q_task_assign(c->store, d->task, d->agent);
	case DECIDE_MOVE:
		return handover_move(c, d);
	case DECIDE_HOLD:
		return handover_hold(c, d);
	}
	return ST_UNSUPPORTED;
}

static enum status
write_all(struct giving *g)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < g->made_count; i++)
		st = write_one(g->c, &g->made[i]);
	return st;
}

static void
tell_all(struct giving *g)
{
	for (size_t i = 0; i < g->made_count; i++) {
		events_scan(g->c, g->made[i].scan);
		if (g->made[i].from != 0)
			tasks_tell(g->c, g->made[i].task, g->made[i].from,
				   TASK_STOP);
	}
	for (size_t p = 0; p < g->proxies; p++)
		for (size_t i = 0; i < g->made_count; i++)
			if (g->made[i].agent == g->list[p].agent) {
				tasks_order(g->c, g->list[p].agent);
				break;
			}
}

static enum status
note_any(void *arg, const struct waiting_row *r)
{
	(void)r;
	*(bool *)arg = true;
	return ST_EOF;
}

/* What was begun comes first: room is for that before what waits. */
static enum status
decide_all(struct giving *g)
{
	enum status st = proxies_look(g);

	if (st == ST_OK)
		st = handover_decide(g);
	if (st == ST_OK)
		st = servers_count(g);
	if (st == ST_OK)
		st = q_tasks_waiting(g->c->store, decide, g);
	return st;
}

void
proxies_assign(struct core *c)
{
	struct giving g = {.c = c};
	bool any = false;
	enum status st;

	if (c->trouble != STORE_WELL)
		return;
	st = q_tasks_waiting(c->store, note_any, &any);
	if (st == ST_OK && !any && !c->held_away)
		return;
	if (st == ST_OK)
		st = decide_all(&g);
	if (st == ST_OK && g.made_count > 0) {
		st = flow_begin(c);
		if (st == ST_OK)
			st = flow_end(c, write_all(&g));
		if (st == ST_OK)
			tell_all(&g);
	}
	if (st != ST_OK)
		log_error("tasks of proxies cannot be given out reason=\"%s\"",
			  status_text(st));
	proxies_leave(&g);
}

enum status
proxies_choose(struct core *c, const struct waiting_row *want, uint64_t *agent,
	       struct buf *why)
{
	struct giving g = {.c = c};
	enum choice_lack lack = CHOICE_NOBODY;
	size_t which = 0;
	enum status st = proxies_look(&g);

	if (st == ST_OK) {
		proxies_weigh(&g, want);
		for (size_t i = 0; i < g.proxies; i++)
			g.list[i].tasks = 0;
		st = choice_find(g.list, g.proxies, &which, &lack);
		if (st == ST_OK)
			*agent = g.list[which].agent;
		else if (st == ST_NOTFOUND &&
			 proxies_lack(want, NULL, lack, why) != ST_OK)
			st = ST_NOMEM;
	}
	proxies_leave(&g);
	return st;
}

/* ---- what a proxy says, and when it goes ------------------------------------
 */

static struct span
lines_of(const struct span *list, size_t n, size_t each, char *text,
	 size_t room, size_t *used)
{
	size_t from = *used, at = from;

	for (size_t i = 0; i < n; i++) {
		if (list[i].len == 0 || list[i].len > each ||
		    !address_line(list[i]) || list[i].len + 1 > room - at)
			continue;
		if (at > from)
			text[at++] = '\n';
		memcpy(text + at, list[i].ptr, list[i].len);
		at += list[i].len;
	}
	*used = at;
	return span_of(text + from, at - from);
}

void
proxies_say(const struct agent_hello *h, struct agent_row *row,
	    char text[PROXIES_TEXT])
{
	size_t used = 0;

	row->kinds = lines_of(h->kinds, h->kind_count, NAME_MAX_LEN, text,
			      PROXIES_TEXT, &used);
	row->credentials =
	    lines_of(h->credentials, h->credential_count, CREDENTIAL_NAME_MAX,
		     text, PROXIES_TEXT, &used);
}

/* For another it is another task: what the first may still say of it is late.
 */
static enum status
begin_anew(struct core *c, const struct task_row *t, uint8_t state, uint64_t to)
{
	uint64_t id = 0;
	enum status st = q_task_renew(c->store, t->id, state, &id);

	return st == ST_OK && to != 0 ? q_task_assign(c->store, id, to) : st;
}

enum status
proxies_move_task(struct core *c, const struct task_row *t, uint64_t to)
{
	struct move m = moves_free(t->state, t->wanted);
	enum status st = ST_OK;

	if (t->url.len == 0 || t->outcome != 0 || t->state >= TASK_DONE)
		return ST_OK;
	if (m.over)
		st = q_task_set_state(c->store, t->id, m.state, span_str(""),
				      core_now(c));
	else
		st = begin_anew(c, t, m.state, to);
	if (st == ST_OK && m.over)
		st = q_task_settle(c->store, t->id);
	if (st == ST_OK)
		st = q_scan_follow(c->store, t->scan, core_now(c));
	free(table_take_u64(c->moving, t->id));
	/* It remembers whose the task was. */
	ingest_forget(c->ingest);
	events_scan(c, t->scan);
	return st;
}

enum status
proxies_free_task(struct core *c, const struct task_row *t)
{
	return proxies_move_task(c, t, 0);
}

static enum status
free_one(void *arg, const struct task_row *t)
{
	return proxies_free_task(arg, t);
}

enum status
proxies_free(struct core *c, uint64_t agent)
{
	return q_agent_tasks(c->store, agent, free_one, c);
}
