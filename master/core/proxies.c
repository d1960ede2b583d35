#include "master/core/proxies.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "master/core/address.h"
#include "master/core/agents.h"
#include "master/core/events.h"
#include "master/core/flow.h"
#include "master/core/tasks.h"
#include "master/sched/choice.h"
#include "master/sched/moves.h"

#define MEMBERS_MAX 100000
#define WHY_MAX     512
#define WORK_MAX    (64 * 1024 * 1024)

/* One proxy as it is now; its place is that of its row in the list. */
struct able {
	struct span kinds, credentials; /* one a line */
};

struct member {
	uint64_t group, agent;
};

/* What becomes of one task that waits: an agent has it, or why none has. */
struct decision {
	uint64_t task, scan, agent;
	struct span why;
};

struct giving {
	struct core *c;
	struct arena arena;
	struct choice_proxy *list;
	struct able *able;
	size_t proxies;
	struct member *members;
	size_t member_count;
	struct decision *made;
	size_t made_count;
};

/* ---- what there is ---------------------------------------------------------
 */

static bool
has_line(struct span lines, struct span word)
{
	struct span line;

	while (str_next(&lines, '\n', &line))
		if (span_eq(line, word))
			return true;
	return false;
}

static struct span
copy(struct giving *g, struct span s)
{
	return span_of(arena_str(&g->arena, s), s.len);
}

static enum status
note_proxy(void *arg, const struct proxy_row *r)
{
	struct giving *g = arg;
	const struct live *a = agents_find(g->c, r->agent);
	struct able *able = &g->able[g->proxies];

	if (g->proxies == PROXIES_MAX)
		return ST_EOF;
	able->kinds = copy(g, r->kinds);
	able->credentials = copy(g, r->credentials);
	if (able->kinds.ptr == NULL || able->credentials.ptr == NULL)
		return ST_NOMEM;
	g->list[g->proxies++] =
	    (struct choice_proxy){.agent = r->agent,
				  .there = a != NULL && a->conn != 0,
				  .tasks = r->tasks};
	return ST_OK;
}

static enum status
note_member(void *arg, const struct proxy_member_row *r)
{
	struct giving *g = arg;

	if (g->member_count == MEMBERS_MAX)
		return ST_EOF;
	g->members[g->member_count++] =
	    (struct member){.group = r->group, .agent = r->agent};
	return ST_OK;
}

static int
member_order(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return x->agent < y->agent ? -1 : x->agent > y->agent;
}

static bool
may_read(const struct giving *g, const struct waiting_row *r, uint64_t agent)
{
	const struct member m = {.group = r->proxies, .agent = agent};

	if (r->proxy != 0)
		return agent == r->proxy;
	return r->proxies == 0 || bsearch(&m, g->members, g->member_count,
					  sizeof(m), member_order) != NULL;
}

/* ---- decisions --------------------------------------------------------------
 */

static enum status
lack_words(const struct waiting_row *r, enum choice_lack lack, struct buf *why)
{
	const struct choice_order o = {.kind = r->kind,
				       .credential = r->credential,
				       .who = r->who,
				       .group = r->proxies != 0};

	return choice_words(&o, lack, why);
}

static enum status
explain(struct giving *g, const struct waiting_row *r, enum choice_lack lack,
	struct decision *d)
{
	struct buf why;
	enum status st;

	buf_init(&why, WHY_MAX);
	st = lack_words(r, lack, &why);
	if (st == ST_OK)
		d->why = copy(g, buf_span(&why));
	if (st == ST_OK && d->why.ptr == NULL)
		st = ST_NOMEM;
	buf_fini(&why);
	return st;
}

/* What each proxy is to that task. */
static void
weigh(struct giving *g, const struct waiting_row *r)
{
	for (size_t i = 0; i < g->proxies; i++) {
		struct choice_proxy *p = &g->list[i];

		p->may = may_read(g, r, p->agent);
		p->reads = has_line(g->able[i].kinds, r->kind);
		p->keeps = r->credential.len == 0 ||
			   has_line(g->able[i].credentials, r->credential);
	}
}

static enum status
decide(void *arg, const struct waiting_row *r)
{
	struct giving *g = arg;
	struct decision *d = &g->made[g->made_count];
	enum choice_lack lack;
	size_t which = 0;
	enum status st;

	if (g->made_count == WAITING_MAX)
		return ST_EOF;
	weigh(g, r);
	*d = (struct decision){.task = r->task, .scan = r->scan};
	if (choice_find(g->list, g->proxies, &which, &lack) == ST_OK) {
		d->agent = g->list[which].agent;
		g->list[which].tasks++;
		g->made_count++;
		return ST_OK;
	}
	st = explain(g, r, lack, d);
	if (st == ST_OK && !span_eq(d->why, r->message))
		g->made_count++;
	return st;
}

/* Who is there and in which group. */
static enum status
look(struct giving *g)
{
	enum status st;

	arena_init(&g->arena, WORK_MAX);
	g->list = arena_array(&g->arena, PROXIES_MAX, sizeof(*g->list));
	g->able = arena_array(&g->arena, PROXIES_MAX, sizeof(*g->able));
	g->members = arena_array(&g->arena, MEMBERS_MAX, sizeof(*g->members));
	g->made = arena_array(&g->arena, WAITING_MAX, sizeof(*g->made));
	if (g->list == NULL || g->able == NULL || g->members == NULL ||
	    g->made == NULL)
		return ST_NOMEM;
	st = q_proxies_list(g->c->store, note_proxy, g);
	if (st == ST_OK || st == ST_EOF)
		st = q_proxy_members(g->c->store, 0, note_member, g);
	return st == ST_EOF ? ST_OK : st;
}

static enum status
write_all(struct giving *g)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < g->made_count; i++) {
		const struct decision *d = &g->made[i];

		if (d->agent != 0)
			st = q_task_assign(g->c->store, d->task, d->agent);
		else
			st = q_task_waits(g->c->store, d->task, d->why);
	}
	return st;
}

static void
tell_all(struct giving *g)
{
	for (size_t i = 0; i < g->made_count; i++)
		events_scan(g->c, g->made[i].scan);
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

void
proxies_assign(struct core *c)
{
	struct giving g = {.c = c};
	bool any = false;
	enum status st;

	if (c->trouble != STORE_WELL)
		return;
	st = q_tasks_waiting(c->store, note_any, &any);
	if (st == ST_OK && !any)
		return;
	st = look(&g);
	if (st == ST_OK)
		st = q_tasks_waiting(c->store, decide, &g);
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
	arena_fini(&g.arena);
}

enum status
proxies_choose(struct core *c, const struct waiting_row *want, uint64_t *agent,
	       struct buf *why)
{
	struct giving g = {.c = c};
	enum choice_lack lack = CHOICE_NOBODY;
	size_t which = 0;
	enum status st = look(&g);

	if (st == ST_OK) {
		weigh(&g, want);
		for (size_t i = 0; i < g.proxies; i++)
			g.list[i].tasks = 0;
		st = choice_find(g.list, g.proxies, &which, &lack);
		if (st == ST_OK)
			*agent = g.list[which].agent;
		else if (st == ST_NOTFOUND &&
			 lack_words(want, lack, why) != ST_OK)
			st = ST_NOMEM;
	}
	arena_fini(&g.arena);
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

enum status
proxies_free_task(struct core *c, const struct task_row *t)
{
	struct move m = moves_free(t->state, t->wanted);
	enum status st = ST_OK;

	if (t->url.len == 0 || t->outcome != 0 || t->state >= TASK_DONE)
		return ST_OK;
	if (m.over)
		st = q_task_set_state(c->store, t->id, m.state, span_str(""),
				      core_now(c));
	else
		st = q_task_free(c->store, t->id, m.state);
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
