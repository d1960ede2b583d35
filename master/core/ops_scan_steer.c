#include <stdlib.h>

#include "master/core/events.h"
#include "master/core/flow.h"
#include "master/core/ops.h"
#include "master/core/proxies.h"
#include "master/core/tasks.h"
#include "master/store/q_scans.h"

#define STEERED_MAX 10000 /* tasks of a scan */

struct steering {
	struct core *core;
	enum task_action action;
	uint64_t tasks[STEERED_MAX], agents[STEERED_MAX];
	size_t count;
};

static enum status
steer_task(void *arg, const struct task_row *t)
{
	struct steering *s = arg;
	enum status st;

	if (t->state >= TASK_DONE || t->outcome != 0)
		return ST_OK;
	if (s->count == STEERED_MAX)
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
