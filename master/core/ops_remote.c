#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "master/core/address.h"
#include "master/core/events.h"
#include "master/core/flow.h"
#include "master/core/ops.h"
#include "master/core/proxies.h"
#include "master/core/tasks.h"
#include "master/store/q_agents.h"
#include "master/store/q_proxies.h"
#include "master/store/q_remote.h"
#include "model/order.h"
#include "source/pairs.h"

/* Targets on other hosts: how they are read, and by whom. */

#define OPTIONS_COUNT_MAX 64
#define REMOTE_WORK_MAX   (256 * 1024)
#define TAKEN_MAX         64 /* tasks of one target that nobody has begun */

/* A target as it is wanted: what stands there, with what the question says. */
struct remote_wish {
	struct ask *ask;
	struct arena arena;
	struct remote_row row;
	const struct kind *kind;
	struct buf why; /* the sentence when it is refused */
	bool reader_changed;
};

static bool
refuse(struct remote_wish *w, uint16_t http, const char *text)
{
	if (!ask_failed(w->ask))
		answer_problem(w->ask->reply, http, text);
	return false;
}

/* The words of address.h as a problem. */
static bool
refuse_why(struct remote_wish *w, enum status st)
{
	char text[1024];

	if (st == ST_NOMEM || w->why.len == 0 ||
	    str_copy(text, sizeof(text), buf_span(&w->why)) != ST_OK)
		answer_status(w->ask->reply, ST_NOMEM);
	else
		answer_problem(w->ask->reply, 422, text);
	return false;
}

/* A text that may be empty, which takes away what stood there. */
static bool
take_text(struct remote_wish *w, const char *key, size_t max, struct span *out)
{
	const json_t *v = json_object_get(w->ask->args, key);
	char text[96];
	struct span s;

	if (v == NULL)
		return true;
	s = span_of(json_string_value(v), json_string_length(v));
	if (json_is_string(v) && s.len <= max && address_line(s)) {
		*out = s;
		return true;
	}
	snprintf(text, sizeof(text), "%s: one line of at most %zu bytes.", key,
		 max);
	return refuse(w, 422, text);
}

static bool
take_options(struct remote_wish *w)
{
	json_t *map = json_object_get(w->ask->args, "options"), *v;
	uint8_t *to = arena_take(&w->arena, ORDER_OPTIONS_MAX);
	const char *name;
	size_t used = 0;
	enum status st = to == NULL ? ST_NOMEM : ST_OK;

	if (map == NULL)
		return true;
	if (!json_is_object(map) || json_object_size(map) > OPTIONS_COUNT_MAX)
		return refuse(w, 422,
			      "options: an object of at most 64 texts.");
	json_object_foreach(map, name, v)
	{
		struct span value =
		    span_of(json_string_value(v), json_string_length(v));

		if (!json_is_string(v))
			return refuse(w, 422, "options: each is a text.");
		if (st == ST_OK)
			st = address_option(w->kind, span_str(name), value,
					    &w->why);
		if (w->why.len > 0)
			return refuse_why(w, st);
		if (st == ST_OK)
			st = pairs_add(to, ORDER_OPTIONS_MAX, &used,
				       span_str(name), value);
	}
	w->row.options = span_of(to, used);
	if (st != ST_OK)
		answer_status(w->ask->reply, st);
	return st == ST_OK;
}

static enum status
is_reader(void *arg, const struct agent_row *row)
{
	(void)arg;
	return row->state != AGENT_REMOVED &&
		       str_is(row->program, "trawl-proxy-agent")
		   ? ST_OK
		   : ST_NOTFOUND;
}

static enum status
is_group(void *arg, const struct proxy_group_row *row)
{
	(void)arg;
	(void)row;
	return ST_OK;
}

/* "any", "proxy:7" or "group:3". */
static bool
take_reader(struct remote_wish *w)
{
	struct store *s = w->ask->core->store;
	struct span text;
	uint64_t id = 0;
	enum status st = ST_MALFORMED;

	if (!ask_text(w->ask, "reader", 32, &text))
		return !ask_failed(w->ask);
	w->reader_changed = true;
	w->row.proxy = w->row.proxies = 0;
	if (str_is(text, "any"))
		return true;
	if ((str_starts(text, "proxy:") || str_starts(text, "group:")) &&
	    str_to_u64(span_skip(text, 6), 1, INT64_MAX, &id) == ST_OK) {
		if (text.ptr[0] == 'p')
			st = q_agent_get(s, w->row.proxy = id, is_reader, NULL);
		else
			st = q_proxy_group_get(s, w->row.proxies = id, is_group,
					       NULL);
	}
	if (st == ST_MALFORMED)
		return refuse(w, 422,
			      "reader: any, proxy:ID or group:ID is wanted.");
	if (st == ST_NOTFOUND)
		return refuse(w, 404,
			      "reader: there is no such proxy or group.");
	if (st != ST_OK)
		answer_status(w->ask->reply, st);
	return st == ST_OK;
}

static bool
take_rest(struct remote_wish *w)
{
	struct span credential = w->row.credential;

	if (!take_text(w, "name", ADDRESS_NAME_MAX, &w->row.name) ||
	    !take_text(w, "group", ADDRESS_NAME_MAX, &w->row.group) ||
	    !take_text(w, "credential", CREDENTIAL_NAME_MAX,
		       &w->row.credential) ||
	    !take_options(w) || !take_reader(w))
		return false;
	if (w->row.name.len == 0)
		w->row.name = address_name(w->row.url);
	if (!span_eq(credential, w->row.credential))
		w->reader_changed = true;
	return true;
}

static void
begin(struct remote_wish *w, struct ask *a)
{
	*w = (struct remote_wish){.ask = a};
	arena_init(&w->arena, REMOTE_WORK_MAX);
	buf_init(&w->why, 1000);
}

static void
end(struct remote_wish *w)
{
	buf_fini(&w->why);
	arena_fini(&w->arena);
}

static void
say_id(struct ask *a, uint16_t http, uint64_t id)
{
	struct json j;

	answer_begin(a->reply, http, &j);
	json_put_u64(&j, "id", id);
	answer_end(a->reply, &j);
}

/* ---- a new one --------------------------------------------------------------
 */

static bool
take_url(struct remote_wish *w)
{
	enum status st;

	if (!ask_text(w->ask, "url", ADDRESS_MAX, &w->row.url)) {
		ask_missing(w->ask, "url");
		return false;
	}
	st = address_check(w->row.url, &w->kind, &w->why);
	if (st != ST_OK)
		return refuse_why(w, st);
	w->row.kind = span_str(w->kind->scheme);
	return true;
}

static enum status
write_new(struct remote_wish *w, uint64_t *id)
{
	struct core *c = w->ask->core;
	enum status st;

	w->row.created = core_now(c);
	st = q_remote_add(c->store, &w->row, id);
	if (st == ST_OK)
		st = audit_on(c, &w->ask->who, "remote.create", "target", *id);
	return st;
}

void
op_remote_create(struct ask *a)
{
	struct remote_wish w;
	uint64_t id = 0;
	enum status st;

	begin(&w, a);
	if (take_url(&w) && take_rest(&w)) {
		st = flow_begin(a->core);
		if (st == ST_OK)
			st = flow_end(a->core, write_new(&w, &id));
		if (st == ST_EXISTS)
			(void)refuse(&w, 409,
				     "A target with this address exists.");
		else if (st != ST_OK)
			answer_status(a->reply, st);
		else
			say_id(a, 201, id);
	}
	end(&w);
}

/* ---- change -----------------------------------------------------------------
 */

static enum status
keep(struct remote_wish *w, struct span *s)
{
	const char *copy = arena_str(&w->arena, *s);

	*s = span_of(copy, s->len);
	return copy == NULL ? ST_NOMEM : ST_OK;
}

static enum status
note_row(void *arg, const struct remote_row *row)
{
	struct remote_wish *w = arg;
	struct span *kept[] = {&w->row.name,    &w->row.group,
			       &w->row.url,     &w->row.kind,
			       &w->row.options, &w->row.credential};
	enum status st = ST_OK;

	w->row = *row;
	for (size_t i = 0; st == ST_OK && i < sizeof(kept) / sizeof(kept[0]);
	     i++)
		st = keep(w, kept[i]);
	w->kind = kind_find(w->row.kind);
	return st;
}

static bool
find(struct remote_wish *w)
{
	uint64_t id = 0;
	enum status st = ST_NOTFOUND;

	if (ask_id(w->ask, "id", &id))
		st = q_remote_get(w->ask->core->store, id, note_row, w);
	else
		ask_missing(w->ask, "id");
	if (ask_failed(w->ask))
		return false;
	if (st == ST_NOTFOUND || (st == ST_OK && w->kind == NULL))
		return refuse(w, 404,
			      "There is no such target on another host.");
	if (st != ST_OK)
		answer_status(w->ask->reply, st);
	return st == ST_OK;
}

/*
 * What one proxy has and has not begun goes back to those that wait, since it
 * may not be the one that may read it any more.
 */
struct taking {
	struct core *core;
	uint64_t target;
	uint64_t tasks[TAKEN_MAX], agents[TAKEN_MAX];
	size_t count;
};

static enum status
take_back(void *arg, const struct task_row *t)
{
	struct taking *k = arg;

	if (t->agent == 0 || t->started != 0 || k->count == TAKEN_MAX)
		return ST_OK;
	k->tasks[k->count] = t->id;
	k->agents[k->count++] = t->agent;
	return proxies_free_task(k->core, t);
}

static enum status
write_change(struct remote_wish *w, struct taking *k)
{
	struct core *c = w->ask->core;
	enum status st = q_remote_change(c->store, &w->row);

	if (st == ST_OK && w->reader_changed)
		st = q_target_tasks(c->store, w->row.target, take_back, k);
	if (st == ST_OK)
		st = audit_on(c, &w->ask->who, "remote.change", "target",
			      w->row.target);
	return st;
}

void
op_remote_change(struct ask *a)
{
	struct taking k = {.core = a->core};
	struct remote_wish w;
	enum status st;

	begin(&w, a);
	if (find(&w) && take_rest(&w)) {
		st = flow_begin(a->core);
		if (st == ST_OK)
			st = flow_end(a->core, write_change(&w, &k));
		if (st != ST_OK)
			answer_status(a->reply, st);
		else
			say_id(a, 200, w.row.target);
		for (size_t i = 0; st == ST_OK && i < k.count; i++)
			tasks_tell(a->core, k.tasks[i], k.agents[i], TASK_STOP);
		if (st == ST_OK)
			proxies_assign(a->core);
	}
	end(&w);
}

/* ---- removal ----------------------------------------------------------------
 */

static enum status
write_removal(struct remote_wish *w)
{
	struct core *c = w->ask->core;
	enum status st = q_remote_remove(c->store, w->row.target);

	if (st == ST_OK)
		st = audit_on(c, &w->ask->who, "remote.remove", "target",
			      w->row.target);
	return st;
}

void
op_remote_remove(struct ask *a)
{
	struct remote_wish w;
	bool busy = false;
	enum status st;

	begin(&w, a);
	if (find(&w)) {
		st = q_remote_busy(a->core->store, w.row.target, &busy);
		if (st == ST_OK && busy)
			(void)refuse(&w, 409,
				     "It is being scanned: stop that first.");
		if (st == ST_OK && !busy)
			st = flow_begin(a->core);
		if (st == ST_OK && !busy)
			st = flow_end(a->core, write_removal(&w));
		if (st != ST_OK)
			answer_status(a->reply, st);
		else if (!busy)
			answer_empty(a->reply, 200);
	}
	end(&w);
}
