#include "master/core/elsewhere.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "master/core/events.h"
#include "master/core/flow.h"
#include "master/core/proxies_impl.h"
#include "master/sched/moves.h"

#define WHY_MAX 1024

/* ---- whether anybody else can -----------------------------------------------
 */

/* One task that could not be done where it was. */
struct failed {
	struct giving g;
	uint64_t task, scan, agent;
	uint8_t state; /* in which it begins anew */
	bool again;    /* that, unless a person wants it stopped */
	char why[WHY_MAX];
	unsigned tries;
};

static enum status
note_task(void *arg, const struct task_row *t)
{
	struct failed *f = arg;
	struct move m = moves_free(TASK_RUNNING, t->wanted);

	f->task = t->id;
	f->scan = t->scan;
	f->agent = t->agent;
	f->state = m.state;
	f->again = t->outcome == SCAN_UNREACHED && t->url.len > 0 &&
		   t->agent != 0 && !m.over;
	snprintf(f->why, sizeof(f->why), "%.*s", (int)t->message.len,
		 t->message.len > 0 ? (const char *)t->message.ptr : "");
	return ST_OK;
}

static enum status
count_try(void *arg, const struct tried_row *r)
{
	(void)r;
	((struct failed *)arg)->tries++;
	return ST_OK;
}

/* One that has enough to do will have room. */
static enum status
find_another(void *arg, const struct waiting_row *r)
{
	struct failed *f = arg;
	struct giving *g = &f->g;
	enum choice_lack lack;
	size_t which = 0;

	proxies_weigh(g, r);
	for (size_t i = 0; i < g->proxies; i++) {
		g->list[i].tasks = 0;
		g->list[i].tried |= g->list[i].agent == f->agent;
	}
	f->again = choice_find(g->list, g->proxies, &which, &lack) == ST_OK;
	return ST_EOF;
}

static enum status
look(struct failed *f, uint64_t task)
{
	struct store *s = f->g.c->store;
	enum status st = q_task_get(s, task, note_task, f);

	if (st != ST_OK || !f->again)
		return st;
	st = q_tasks_tried(s, task, count_try, f);
	if (st != ST_OK || f->tries + 1 >= ELSEWHERE_TRIES) {
		f->again = false;
		return st;
	}
	st = proxies_look(&f->g);
	f->again = false;
	if (st == ST_OK)
		st = q_task_asks(s, task, find_another, f);
	return st == ST_EOF ? ST_OK : st;
}

/* ---- another ----------------------------------------------------------------
 */

static enum status
begin_anew(struct failed *f)
{
	struct core *c = f->g.c;
	uint64_t fresh = 0;
	enum status st =
	    q_task_tried(c->store, f->task, f->agent, span_str(f->why));

	if (st == ST_OK)
		st = q_task_renew(c->store, f->task, f->state, &fresh);
	if (st == ST_OK)
		st = q_scan_follow(c->store, f->scan, core_now(c));
	free(table_take_u64(c->moving, f->task));
	ingest_forget(c->ingest);
	return st;
}

bool
elsewhere_try(struct core *c, uint64_t task)
{
	struct failed f = {.g = {.c = c}};
	enum status st = look(&f, task);

	if (st == ST_OK && f.again) {
		st = flow_begin(c);
		if (st == ST_OK)
			st = flow_end(c, begin_anew(&f));
	}
	proxies_leave(&f.g);
	if (st != ST_OK)
		log_error("whether another proxy can try is not known task=%llu"
			  " reason=\"%s\"",
			  (unsigned long long)task, status_text(st));
	if (st != ST_OK || !f.again)
		return false;
	log_info("a proxy cannot reach a target, another one tries scan=%llu"
		 " task=%llu from=%llu",
		 (unsigned long long)f.scan, (unsigned long long)task,
		 (unsigned long long)f.agent);
	events_scan(c, f.scan);
	proxies_assign(c);
	return true;
}

/* ---- what is said -----------------------------------------------------------
 */

static enum status
say(void *arg, const struct tried_row *r)
{
	return buf_addf(arg, "%.*s: %.*s; ", (int)r->name.len,
			(const char *)r->name.ptr, (int)r->why.len,
			r->why.len > 0 ? (const char *)r->why.ptr : "");
}

enum status
elsewhere_words(struct core *c, const struct task_row *t, struct buf *to)
{
	enum status st = ST_OK;

	if (t->url.len > 0)
		st = q_tasks_tried(c->store, t->id, say, to);
	if (st == ST_OK && to->len > 0)
		st = buf_addf(to, "%.*s: ", (int)t->agent_name.len,
			      t->agent_name.len > 0
				  ? (const char *)t->agent_name.ptr
				  : "");
	if (st == ST_OK && to->len > 0 && t->message.len == 0)
		return buf_add_str(to, t->outcome == SCAN_DONE
					   ? "it was read from there"
					   : "it was stopped");
	return st == ST_OK ? buf_add(to, t->message.ptr, t->message.len) : st;
}
