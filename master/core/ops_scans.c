#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/codec.h"
#include "base/str.h"
#include "master/core/agents.h"
#include "master/core/events.h"
#include "master/core/flow.h"
#include "master/core/ops.h"
#include "master/core/proxies.h"
#include "master/core/tasks.h"
#include "master/store/q_agents.h"
#include "master/store/q_proxies.h"
#include "master/store/q_remote.h"
#include "master/store/q_scans.h"
#include "model/budget.h"
#include "model/languages.h"
#include "model/order.h"

#define SCAN_AGENTS_MAX 10000
#define SCAN_WORK_MAX   (4 * 1024 * 1024)

/* One order as it is read from the question. */
struct wanted {
	struct ask *ask;
	struct arena arena;
	struct scan_row row;
	struct span paths[ORDER_PATHS_MAX];
	size_t path_count;
	uint64_t *agents, *targets, *tasks;
	size_t agent_count;
	uint64_t *remotes, *remote_tasks; /* targets on other hosts */
	size_t remote_count;
};

static void
refuse(struct ask *a, uint16_t http, const char *text)
{
	if (!ask_failed(a))
		answer_problem(a->reply, http, text);
}

/* JSON writes bytes that are not UTF-8 as \xHH; a path may be given so too. */
static struct span
path_bytes(struct wanted *w, const json_t *v)
{
	const char *s = json_string_value(v);
	size_t n = json_string_length(v), at = 0;
	uint8_t *to = arena_take(&w->arena, n + 1);

	for (size_t i = 0; to != NULL && i < n; i++) {
		uint8_t byte = 0;

		if (s[i] == '\\' && i + 3 < n && s[i + 1] == 'x' &&
		    codec_unhex(span_of(s + i + 2, 2), &byte, 1) == ST_OK &&
		    byte >= 0x80) {
			to[at++] = byte;
			i += 3;
		} else {
			to[at++] = (uint8_t)s[i];
		}
	}
	return span_of(to, to == NULL ? 0 : at);
}

static bool
read_paths(struct wanted *w)
{
	const json_t *list = json_object_get(w->ask->args, "paths");
	size_t i;
	json_t *v;

	if (w->agent_count == 0 && list == NULL)
		return true; /* each of its targets has its own address */
	if (!json_is_array(list) || json_array_size(list) == 0 ||
	    json_array_size(list) > ORDER_PATHS_MAX) {
		refuse(w->ask, 422,
		       "paths: 1 to 64 absolute paths are wanted.");
		return false;
	}
	json_array_foreach(list, i, v)
	{
		struct span path;

		if (!json_is_string(v) || json_string_length(v) > 4096 ||
		    json_string_value(v)[0] != '/') {
			refuse(w->ask, 422,
			       "paths: each must be absolute, at most 4,096 "
			       "bytes.");
			return false;
		}
		path = path_bytes(w, v);
		if (path.len == 0)
			return false;
		w->paths[w->path_count++] = path;
	}
	return true;
}

static bool
type_is_good(const json_t *v)
{
	static const char allowed[] =
	    "abcdefghijklmnopqrstuvwxyz0123456789_.-*?[]!";
	struct span s = span_of(json_string_value(v), json_string_length(v));

	if (!json_is_string(v) || s.len > 64)
		return false;
	if (str_starts(s, ORDER_PROFILE))
		s = span_skip(s, sizeof(ORDER_PROFILE) - 1);
	for (size_t i = 0; i < s.len; i++)
		if (memchr(allowed, s.ptr[i], sizeof(allowed) - 1) == NULL)
			return false;
	return s.len > 0;
}

static bool
read_types(struct wanted *w)
{
	const json_t *list = json_object_get(w->ask->args, "types");
	size_t i, used = 0;
	json_t *v;
	char *text;

	w->row.types = span_str("");
	if (list == NULL || json_is_null(list))
		return true;
	if (!json_is_array(list) || json_array_size(list) > ORDER_TYPES_MAX) {
		refuse(w->ask, 422, "types: a list of ids is wanted.");
		return false;
	}
	text = arena_take(&w->arena, json_array_size(list) * 65 + 1);
	json_array_foreach(list, i, v)
	{
		if (text == NULL || !type_is_good(v)) {
			refuse(w->ask, 422, "types: ids and globs are wanted.");
			return false;
		}
		if (used > 0)
			text[used++] = '\n';
		memcpy(text + used, json_string_value(v),
		       json_string_length(v));
		used += json_string_length(v);
	}
	w->row.types = span_of(text, used);
	return true;
}

static enum status
take_agent(void *arg, const struct agent_row *row)
{
	struct wanted *w = arg;

	if (row->state != AGENT_VERIFIED || row->target == 0)
		return ST_OK;
	if (w->agent_count == SCAN_AGENTS_MAX)
		return ST_LIMIT;
	w->agents[w->agent_count] = row->id;
	w->targets[w->agent_count] = row->target;
	w->agent_count++;
	return ST_OK;
}

/* By name when it is no number that an agent has. */
static enum status
take_named(struct wanted *w, const json_t *v)
{
	struct store *s = w->ask->core->store;
	uint64_t id = 0;
	enum status st = ST_NOTFOUND;

	if (answer_id_of(v, &id))
		st = q_agent_get(s, id, take_agent, w);
	if (st == ST_NOTFOUND && json_is_string(v))
		st = q_agent_by_name(
		    s, span_of(json_string_value(v), json_string_length(v)),
		    take_agent, w);
	return st;
}

static bool
read_agent_list(struct wanted *w, const json_t *list)
{
	size_t i;
	json_t *v;

	json_array_foreach(list, i, v)
	{
		size_t before = w->agent_count;
		enum status st = take_named(w, v);

		if (st == ST_NOTFOUND)
			refuse(w->ask, 404, "There is no such agent.");
		else if (st != ST_OK)
			answer_status(w->ask->reply, st);
		else if (w->agent_count == before)
			refuse(w->ask, 409,
			       "The agent is not verified, or it is a proxy, "
			       "which reads targets on other hosts.");
		if (ask_failed(w->ask))
			return false;
		for (size_t k = 0; k < before; k++)
			if (w->agents[k] == w->agents[before])
				w->agent_count = before; /* named twice */
	}
	return true;
}

static enum status
take_remote(void *arg, const struct remote_row *row)
{
	struct wanted *w = arg;

	for (size_t i = 0; i < w->remote_count; i++)
		if (w->remotes[i] == row->target)
			return ST_OK; /* named twice */
	w->remotes[w->remote_count++] = row->target;
	return ST_OK;
}

/* Targets on other hosts, by their numbers. */
static bool
read_remotes(struct wanted *w)
{
	const json_t *list = json_object_get(w->ask->args, "targets");
	enum status st = ST_OK;
	size_t i;
	json_t *v;

	if (list == NULL)
		return true;
	w->remotes = arena_array(&w->arena, SCAN_AGENTS_MAX, 8);
	w->remote_tasks = arena_array(&w->arena, SCAN_AGENTS_MAX, 8);
	if (w->remotes == NULL || w->remote_tasks == NULL)
		st = ST_NOMEM;
	if (!json_is_array(list) || json_array_size(list) > SCAN_AGENTS_MAX)
		refuse(w->ask, 422, "targets: a list of ids is wanted.");
	if (ask_failed(w->ask))
		return false;
	json_array_foreach(list, i, v)
	{
		uint64_t id = 0;

		if (st == ST_OK)
			st = answer_id_of(v, &id)
				 ? q_remote_get(w->ask->core->store, id,
						take_remote, w)
				 : ST_NOTFOUND;
	}
	if (st == ST_NOTFOUND)
		refuse(w->ask, 404, "There is no such target on another host.");
	else if (st != ST_OK)
		answer_status(w->ask->reply, st);
	return !ask_failed(w->ask);
}

static bool
read_agents(struct wanted *w)
{
	const json_t *list = json_object_get(w->ask->args, "agents");
	bool all = json_is_true(json_object_get(w->ask->args, "all"));
	enum status st = ST_OK;

	if (w->remote_count > 0 && !all && json_array_size(list) == 0)
		return true;

	w->agents = arena_array(&w->arena, SCAN_AGENTS_MAX, 8);
	w->targets = arena_array(&w->arena, SCAN_AGENTS_MAX, 8);
	w->tasks = arena_array(&w->arena, SCAN_AGENTS_MAX, 8);
	if (w->agents == NULL || w->targets == NULL || w->tasks == NULL) {
		answer_status(w->ask->reply, ST_NOMEM);
		return false;
	}
	if (all)
		st = q_agents_list(w->ask->core->store, take_agent, w);
	else if (json_is_array(list) &&
		 json_array_size(list) <= SCAN_AGENTS_MAX)
		return read_agent_list(w, list) && w->agent_count > 0;
	else
		refuse(w->ask, 422, "agents, all, or targets, is missing.");
	if (st != ST_OK)
		answer_status(w->ask->reply, st);
	else if (w->agent_count == 0)
		refuse(w->ask, 409, "No agent is verified yet: add one first.");
	return !ask_failed(w->ask);
}

static void
default_name(struct wanted *w)
{
	char when[CLOCK_TEXT];
	char *text = arena_take(&w->arena, 64);

	clock_text(w->row.created * 1000, when);
	if (text == NULL)
		return;
	snprintf(text, 64, "Scan of %.10s %.5s", when, when + 11);
	w->row.name = span_str(text);
}

/* "depth=4,output=1GiB"; what is wrong is said in the words of the table. */
static bool
read_limits(struct wanted *w)
{
	char words[256];
	struct budget b;
	struct buf why;
	enum status st = ST_LIMIT;

	w->row.limits = span_str("");
	(void)ask_text(w->ask, "limits", ORDER_LIMITS_MAX, &w->row.limits);
	if (ask_failed(w->ask))
		return false;
	budget_default(&b);
	buf_init(&why, sizeof(words) - 1);
	st = budget_set(&b, w->row.limits, &why);
	if (st != ST_OK) {
		snprintf(words, sizeof(words), "limits: %.*s.", (int)why.len,
			 why.len > 0 ? (const char *)why.data : "");
		refuse(w->ask, 422, words);
	}
	buf_fini(&why);
	return st == ST_OK;
}

static bool
read_ocr(struct wanted *w)
{
	w->row.ocr = span_str("");
	if (!ask_text(w->ask, "ocr", ORDER_OCR_MAX, &w->row.ocr))
		return !ask_failed(w->ask);
	if (languages_good(w->row.ocr))
		return true;
	refuse(w->ask, 422, "ocr: " LANGUAGES_RULE " are wanted.");
	return false;
}

static bool
read_rest(struct wanted *w)
{
	uint64_t confidence = 0, jobs = 0;

	w->row.created = core_now(w->ask->core);
	default_name(w);
	(void)ask_text(w->ask, "name", 128, &w->row.name);
	(void)ask_number(w->ask, "min_confidence", 0, 100, &confidence);
	(void)ask_number(w->ask, "jobs", 0, 64, &jobs);
	(void)ask_number(w->ask, "bytes_per_second", 0, INT64_MAX,
			 &w->row.bytes_per_second);
	w->row.min_confidence = (uint8_t)confidence;
	w->row.jobs = (uint8_t)jobs;
	w->row.skip_unchanged =
	    json_is_true(json_object_get(w->ask->args, "skip_unchanged"));
	return !ask_failed(w->ask);
}

static enum status
write_scan(struct wanted *w, uint64_t *id)
{
	struct core *c = w->ask->core;
	enum status st =
	    q_scan_add(c->store, &w->row, w->paths, w->path_count, id);

	for (size_t i = 0; st == ST_OK && i < w->agent_count; i++)
		st = q_task_add(c->store, *id, w->agents[i], w->targets[i],
				&w->tasks[i]);
	for (size_t i = 0; st == ST_OK && i < w->remote_count; i++)
		st = q_task_add_remote(c->store, *id, w->remotes[i],
				       &w->remote_tasks[i]);
	if (st == ST_OK)
		st = audit_on(c, &w->ask->who, "scan.create", "scan", *id);
	return st;
}

static void
create(struct wanted *w)
{
	struct core *c = w->ask->core;
	uint64_t id = 0;
	struct json j;
	enum status st = flow_begin(c);

	if (st == ST_OK)
		st = flow_end(c, write_scan(w, &id));
	if (st != ST_OK) {
		answer_status(w->ask->reply, st);
		return;
	}
	answer_begin(w->ask->reply, 201, &j);
	json_put_u64(&j, "id", id);
	json_key(&j, "tasks");
	json_list(&j);
	for (size_t i = 0; i < w->agent_count; i++)
		json_u64(&j, w->tasks[i]);
	for (size_t i = 0; i < w->remote_count; i++)
		json_u64(&j, w->remote_tasks[i]);
	json_end(&j);
	answer_end(w->ask->reply, &j);
	for (size_t i = 0; i < w->agent_count; i++)
		tasks_order(c, w->agents[i]);
	if (w->remote_count > 0)
		proxies_assign(c);
	events_scan(c, id);
}

void
op_scan_create(struct ask *a)
{
	struct wanted w = {.ask = a};
	char by[AUDIT_NAME_ROOM];

	arena_init(&w.arena, SCAN_WORK_MAX);
	audit_name(a->core, &a->who, by);
	w.row.created_by = span_str(by);
	if (read_rest(&w) && read_limits(&w) && read_ocr(&w) &&
	    read_types(&w) && read_remotes(&w) && read_agents(&w) &&
	    read_paths(&w))
		create(&w);
	arena_fini(&w.arena);
}

/* ---- pause, resume, stop ------------------------------------------------- */

struct steering {
	struct core *core;
	enum task_action action;
	uint64_t tasks[SCAN_AGENTS_MAX], agents[SCAN_AGENTS_MAX];
	size_t count;
};

static enum status
steer_task(void *arg, const struct task_row *t)
{
	struct steering *s = arg;
	enum status st;

	if (t->state >= TASK_DONE || t->outcome != 0)
		return ST_OK;
	if (s->count == SCAN_AGENTS_MAX)
		return ST_LIMIT;
	st = tasks_want(s->core, t, s->action);
	s->tasks[s->count] = t->id;
	s->agents[s->count] = t->agent;
	s->count++;
	return st;
}

static enum status
note_scan_state(void *arg, const struct scan_row *row)
{
	*(uint8_t *)arg = row->state;
	return ST_OK;
}

static enum status
steer_all(struct ask *a, struct steering *s, uint64_t scan, const char *name)
{
	struct core *c = a->core;
	enum status st = q_scan_tasks(c->store, scan, steer_task, s);

	if (st == ST_OK)
		st = q_scan_follow(c->store, scan, core_now(c));
	if (st == ST_OK)
		st = audit_on(c, &a->who, name, "scan", scan);
	return st;
}

static void
tell_all(struct core *c, const struct steering *s, enum task_action action)
{
	for (size_t i = 0; i < s->count; i++) {
		tasks_tell(c, s->tasks[i], s->agents[i], action);
		if (action == TASK_RESUME)
			tasks_order(c, s->agents[i]);
	}
	proxies_assign(c);
}

static void
say_scan(struct ask *a, uint64_t scan)
{
	uint8_t state = 0;
	struct json j;

	(void)!q_scan_get(a->core->store, scan, note_scan_state, &state);
	answer_begin(a->reply, 202, &j);
	json_put_u64(&j, "id", scan);
	json_put_cstr(&j, "state", task_state_name(state));
	answer_end(a->reply, &j);
	events_scan(a->core, scan);
}

static void
steer(struct ask *a, enum task_action action, const char *name)
{
	struct core *c = a->core;
	struct steering *s = calloc(1, sizeof(*s));
	uint64_t scan = 0;
	uint8_t state = 0;
	enum status st = ST_NOMEM;

	if (s != NULL && ask_id(a, "id", &scan))
		st = q_scan_get(c->store, scan, note_scan_state, &state);
	else
		ask_missing(a, "id");
	if (ask_failed(a)) {
		free(s);
		return;
	}
	if (st == ST_OK && state >= TASK_DONE) {
		answer_problem(a->reply, 409, "The scan is over.");
		free(s);
		return;
	}
	if (st == ST_OK)
		st = flow_begin(c);
	if (st == ST_OK) {
		s->core = c;
		s->action = action;
		st = flow_end(c, steer_all(a, s, scan, name));
	}
	if (st == ST_OK) {
		tell_all(c, s, action);
		say_scan(a, scan);
	} else {
		answer_status(a->reply, st);
	}
	free(s);
}

void
op_scan_pause(struct ask *a)
{
	steer(a, TASK_PAUSE, "scan.pause");
}

void
op_scan_resume(struct ask *a)
{
	steer(a, TASK_RESUME, "scan.resume");
}

void
op_scan_stop(struct ask *a)
{
	steer(a, TASK_STOP, "scan.stop");
}
