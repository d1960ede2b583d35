#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "master/core/events.h"
#include "master/core/flow.h"
#include "master/core/ops_scan_impl.h"
#include "master/core/proxies.h"
#include "master/core/tasks.h"
#include "model/budget.h"
#include "model/languages.h"

#define SCAN_WORK_MAX (4 * 1024 * 1024)

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
		ops_scan_refuse(w->ask, 422, "types: a list of ids is wanted.");
		return false;
	}
	text = arena_take(&w->arena, json_array_size(list) * 65 + 1);
	json_array_foreach(list, i, v)
	{
		if (text == NULL || !type_is_good(v)) {
			ops_scan_refuse(w->ask, 422,
					"types: ids and globs are wanted.");
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
		ops_scan_refuse(w->ask, 422, words);
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
	ops_scan_refuse(w->ask, 422, "ocr: " LANGUAGES_RULE " are wanted.");
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
	    read_types(&w) && ops_scan_remotes(&w) && ops_scan_agents(&w) &&
	    ops_scan_paths(&w))
		create(&w);
	arena_fini(&w.arena);
}
