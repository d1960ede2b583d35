#include <stdlib.h>

#include "base/str.h"
#include "master/core/agents.h"
#include "master/core/proxies_impl.h"

#define WHY_MAX     1024
#define MEMBERS_MAX 100000
#define TRIALS_MAX  10000
#define WORK_MAX    (64 * 1024 * 1024)

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
keep(struct giving *g, struct span s)
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
	able->kinds = keep(g, r->kinds);
	able->credentials = keep(g, r->credentials);
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

static enum status
note_trial(void *arg, const struct tried_row *r)
{
	struct giving *g = arg;

	if (g->trial_count == TRIALS_MAX)
		return ST_EOF;
	g->trials[g->trial_count++] =
	    (struct trial){.task = r->task, .agent = r->agent};
	return ST_OK;
}

static int
trial_order(const void *a, const void *b)
{
	const struct trial *x = a, *y = b;

	if (x->task != y->task)
		return x->task < y->task ? -1 : 1;
	return x->agent < y->agent ? -1 : x->agent > y->agent;
}

static bool
has_tried(const struct giving *g, uint64_t task, uint64_t agent)
{
	const struct trial t = {.task = task, .agent = agent};

	return bsearch(&t, g->trials, g->trial_count, sizeof(t), trial_order) !=
	       NULL;
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

void
proxies_weigh(struct giving *g, const struct waiting_row *r)
{
	for (size_t i = 0; i < g->proxies; i++) {
		struct choice_proxy *p = &g->list[i];

		p->may = may_read(g, r, p->agent);
		p->reads = has_line(g->able[i].kinds, r->kind);
		p->keeps = r->credential.len == 0 ||
			   has_line(g->able[i].credentials, r->credential);
		p->tried = has_tried(g, r->task, p->agent);
	}
}

enum status
proxies_lack(const struct waiting_row *r, const struct holder *holder,
	     enum choice_lack lack, struct buf *why)
{
	struct choice_order o = {.kind = r->kind,
				 .credential = r->credential,
				 .who = r->who,
				 .group = r->proxies != 0};

	if (holder != NULL) {
		o.holder = holder->name;
		o.hangs = holder->hangs;
	}
	return choice_words(&o, lack, why);
}

enum status
proxies_explain(struct giving *g, const struct waiting_row *r,
		const struct holder *holder, enum choice_lack lack,
		struct span *why)
{
	struct buf text;
	enum status st;

	buf_init(&text, WHY_MAX);
	st = proxies_lack(r, holder, lack, &text);
	if (st == ST_OK)
		*why = keep(g, buf_span(&text));
	if (st == ST_OK && why->ptr == NULL)
		st = ST_NOMEM;
	buf_fini(&text);
	return st;
}

enum status
proxies_look(struct giving *g)
{
	enum status st;

	arena_init(&g->arena, WORK_MAX);
	g->list = arena_array(&g->arena, PROXIES_MAX, sizeof(*g->list));
	g->able = arena_array(&g->arena, PROXIES_MAX, sizeof(*g->able));
	g->members = arena_array(&g->arena, MEMBERS_MAX, sizeof(*g->members));
	g->trials = arena_array(&g->arena, TRIALS_MAX, sizeof(*g->trials));
	g->made = arena_array(&g->arena, DECISIONS_MAX, sizeof(*g->made));
	if (g->list == NULL || g->able == NULL || g->members == NULL ||
	    g->trials == NULL || g->made == NULL)
		return ST_NOMEM;
	st = q_proxies_list(g->c->store, note_proxy, g);
	if (st == ST_OK || st == ST_EOF)
		st = q_proxy_members(g->c->store, 0, note_member, g);
	if (st == ST_OK || st == ST_EOF)
		st = q_tasks_tried(g->c->store, 0, note_trial, g);
	return st == ST_EOF ? ST_OK : st;
}

void
proxies_leave(struct giving *g)
{
	table_close(g->servers);
	arena_fini(&g->arena);
}
