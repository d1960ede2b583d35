#include "master/core/tries.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "master/core/address.h"
#include "master/core/agents.h"
#include "master/core/ops.h"
#include "master/core/proxies.h"
#include "master/core/say.h"
#include "master/store/q_agents.h"
#include "master/store/q_remote.h"
#include "model/object.h"

#define WORK_MAX (64 * 1024)

static void
forget(struct core *c, struct try *t)
{
	(void)table_take_u64(c->tries, t->id);
	buf_fini(&t->answer);
	free(t);
}

void
tries_close(struct core *c)
{
	struct try *t;
	size_t at = 0;

	while (c->tries != NULL &&
	       (t = table_next(c->tries, &at, NULL)) != NULL)
		forget(c, t);
	table_close(c->tries);
	c->tries = NULL;
}

static void
forget_old(struct core *c)
{
	uint64_t now = clock_mono_ms(c->clock);
	struct try *t;
	size_t at = 0;

	while ((t = table_next(c->tries, &at, NULL)) != NULL)
		if (now - t->asked > TRIES_KEPT_MS)
			forget(c, t);
}

void
tries_answered(struct core *c, struct span body)
{
	struct agent_answer *m = calloc(1, sizeof(*m));
	struct peer_said said;
	struct try *t;

	if (m == NULL || peer_said_unpack(body, &said) != ST_OK ||
	    agent_answer_unpack(said.body, m) != ST_OK) {
		log_error("the gate sent what cannot be read kind=TRIED");
		free(m);
		return;
	}
	t = table_find_u64(c->tries, m->id);
	/* Nobody answers for another, and only once. */
	if (t != NULL && t->agent == said.agent && t->conn == said.conn &&
	    t->answer.len == 0)
		(void)!buf_add(&t->answer, said.body.ptr, said.body.len);
	free(m);
}

/* ---- asking
 * ------------------------------------------------------------------ */

struct trying {
	struct ask *ask;
	struct arena arena;
	struct remote_row row;
	struct agent_ask order;
	struct try *made;
};

static bool
refuse(struct trying *w, uint16_t http, const char *text)
{
	if (!ask_failed(w->ask))
		answer_problem(w->ask->reply, http, text);
	return false;
}

static enum status
note_remote(void *arg, const struct remote_row *row)
{
	struct trying *w = arg;
	struct span *kept[] = {&w->row.url,        &w->row.kind,
			       &w->row.options,    &w->row.credential,
			       &w->row.proxy_name, &w->row.proxies_name};

	w->row = *row;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		const char *copy = arena_str(&w->arena, *kept[i]);

		if (copy == NULL)
			return ST_NOMEM;
		*kept[i] = span_of(copy, kept[i]->len);
	}
	return ST_OK;
}

static bool
find(struct trying *w)
{
	uint64_t id = 0;
	enum status st = ST_NOTFOUND;

	if (ask_id(w->ask, "id", &id))
		st = q_remote_get(w->ask->core->store, id, note_remote, w);
	else
		ask_missing(w->ask, "id");
	if (ask_failed(w->ask))
		return false;
	if (st == ST_NOTFOUND)
		return refuse(w, 404,
			      "There is no such target on another host.");
	if (st != ST_OK)
		answer_status(w->ask->reply, st);
	return st == ST_OK;
}

/* A path is one that an earlier answer gave: at the target, or below it. */
static bool
is_below(struct span path, struct span url)
{
	url = span_of(url.ptr, str_find(url, '?'));
	while (url.len > 0 && url.ptr[url.len - 1] == '/')
		url.len--;
	return path.len >= url.len && memcmp(path.ptr, url.ptr, url.len) == 0 &&
	       (path.len == url.len || path.ptr[url.len] == '/' ||
		path.ptr[url.len] == '?');
}

static bool
take_order(struct trying *w)
{
	w->order = (struct agent_ask){
	    .path = w->row.url,
	    .options = w->row.options,
	    .credential = w->row.credential,
	    .probe =
		json_is_true(json_object_get(w->ask->args, "probe")) ? 1 : 0,
	};
	if (!ask_text(w->ask, "path", ADDRESS_TEXT_MAX, &w->order.path))
		return !ask_failed(w->ask);
	return (address_line(w->order.path) &&
		is_below(w->order.path, w->row.url)) ||
	       refuse(w, 422, "path: it is not below the target.");
}

static enum status
note_name(void *arg, const struct agent_row *row)
{
	struct try *t = arg;

	snprintf(t->proxy, sizeof(t->proxy), "%.*s", (int)row->name.len,
		 row->name.len > 0 ? (const char *)row->name.ptr : "");
	return ST_OK;
}

static bool
choose(struct trying *w, uint64_t *agent)
{
	const struct waiting_row want = {
	    .kind = w->row.kind,
	    .credential = w->row.credential,
	    .proxy = w->row.proxy,
	    .proxies = w->row.proxies,
	    .who = w->row.proxy != 0 ? w->row.proxy_name : w->row.proxies_name,
	};
	char text[600] = "It cannot be tried now: ";
	struct buf why;
	enum status st;

	buf_init(&why, 512);
	st = proxies_choose(w->ask->core, &want, agent, &why);
	if (st == ST_NOTFOUND && why.len > 0) {
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "%.*s.", (int)why.len, (const char *)why.data);
		answer_problem(w->ask->reply, 409, text);
	} else if (st != ST_OK) {
		answer_status(w->ask->reply, st);
	}
	buf_fini(&why);
	return st == ST_OK;
}

static bool
remember(struct trying *w, uint64_t agent)
{
	struct core *c = w->ask->core;
	const struct live *a = agents_find(c, agent);
	struct try *t;

	forget_old(c);
	if (table_count(c->tries) >= TRIES_MAX)
		return refuse(w, 429,
			      "Too much is being tried: wait a little.");
	t = calloc(1, sizeof(*t));
	if (t == NULL || a == NULL) {
		free(t);
		return refuse(w, 503, "It cannot be tried now.");
	}
	t->id = ++c->last_try;
	t->agent = agent;
	t->conn = a->conn;
	t->asked = clock_mono_ms(c->clock);
	buf_init(&t->answer, 256 * 1024);
	if (q_agent_get(c->store, agent, note_name, t) != ST_OK ||
	    table_put_u64(c->tries, t->id, t) != ST_OK) {
		free(t);
		return refuse(w, 503, "It cannot be tried now.");
	}
	w->made = t;
	w->order.id = t->id;
	return true;
}

/* ---- what is said of one
 * -------------------------------------------------------- */

static const char *
word_of(uint8_t status)
{
	static const char *const words[] = {
	    [ANSWER_GOOD] = "good",
	    [ANSWER_DENIED] = "denied",
	    [ANSWER_NOTFOUND] = "not_found",
	    [ANSWER_TIMEOUT] = "timeout",
	    [ANSWER_UNSUPPORTED] = "unsupported",
	    [ANSWER_TROUBLE] = "trouble",
	    [ANSWER_BUSY] = "busy",
	};

	return status >= ANSWER_GOOD && status <= ANSWER_BUSY ? words[status]
							      : "trouble";
}

static void
put_entry(struct json *j, const struct answer_entry *e)
{
	json_map(j);
	json_put_str(j, "path", e->path);
	json_put_u64(j, "size", e->size);
	json_put_bool(j, "folder", e->folder != 0);
	json_key(j, "reason");
	json_cstr(j, e->reason == COVER_OK ? NULL : cover_text(e->reason));
	json_end(j);
}

static void
put_result(struct json *j, const char *status, const struct agent_answer *m,
	   struct span why)
{
	json_put_cstr(j, "state", status == NULL ? "waiting" : "done");
	json_put_cstr(j, "status", status);
	json_key(j, "why");
	if (why.len > 0)
		json_str(j, why);
	else
		json_nil(j);
	json_key(j, "entries");
	json_list(j);
	for (size_t i = 0; m != NULL && i < m->entry_count; i++)
		put_entry(j, &m->entries[i]);
	json_end(j);
	json_put_bool(j, "more", m != NULL && m->more != 0);
}

/* What came of it; a proxy that is gone or silent has an answer, too. */
static void
put_outcome(struct core *c, const struct try *t, struct json *j)
{
	const struct live *a = agents_find(c, t->agent);
	struct agent_answer *m = calloc(1, sizeof(*m));

	if (t->answer.len > 0 && m != NULL &&
	    agent_answer_unpack(buf_span(&t->answer), m) == ST_OK)
		put_result(j, word_of(m->status), m, m->why);
	else if (a == NULL || a->conn != t->conn)
		put_result(j, "trouble", NULL,
			   span_str("the proxy went away before it answered"));
	else if (clock_mono_ms(c->clock) - t->asked > TRIES_WAIT_MS)
		put_result(
		    j, "timeout", NULL,
		    span_str("the proxy did not answer within a minute"));
	else
		put_result(j, NULL, NULL, span_of(NULL, 0));
	free(m);
}

static void
say_try(struct ask *a, uint16_t http, const struct try *t)
{
	char id[24];
	struct json j;

	snprintf(id, sizeof(id), "%" PRIu64, t->id);
	answer_begin(a->reply, http, &j);
	json_put_cstr(&j, "id", id);
	json_put_cstr(&j, "proxy", t->proxy);
	put_outcome(a->core, t, &j);
	answer_end(a->reply, &j);
}

void
op_remote_try(struct ask *a)
{
	struct trying w = {.ask = a};
	uint64_t agent = 0;

	arena_init(&w.arena, WORK_MAX);
	if (find(&w) && take_order(&w) && choose(&w, &agent) &&
	    remember(&w, agent)) {
		say_try_to(a->core, w.made->conn, &w.order);
		say_try(a, 202, w.made);
	}
	arena_fini(&w.arena);
}

void
op_remote_tried(struct ask *a)
{
	const struct try *t = NULL;
	uint64_t id = 0;

	if (ask_id(a, "try", &id))
		t = table_find_u64(a->core->tries, id);
	else
		ask_missing(a, "try");
	if (ask_failed(a))
		return;
	if (t == NULL)
		answer_problem(a->reply, 404, "There is no such try any more.");
	else
		say_try(a, 200, t);
}
