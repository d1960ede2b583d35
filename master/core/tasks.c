#include "master/core/tasks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "master/core/agents.h"
#include "master/core/events.h"
#include "master/core/flow.h"
#include "master/core/proxies.h"
#include "master/core/say.h"
#include "master/sched/moves.h"
#include "master/store/q_remote.h"
#include "model/task.h"

#define ORDER_BYTES_MAX (1024 * 1024)
#define TASKS_AT_ONCE   256 /* orders of one agent that are looked at */

static struct moving *
moving_of(struct core *c, uint64_t task, uint64_t scan)
{
	struct moving *m = table_find_u64(c->moving, task);

	if (m != NULL || task == 0)
		return m;
	m = calloc(1, sizeof(*m));
	if (m == NULL)
		return NULL;
	m->task = task;
	m->scan = scan;
	if (table_put_u64(c->moving, task, m) != ST_OK) {
		free(m);
		return NULL;
	}
	return m;
}

static void
set_progress_timer(struct core *c)
{
	if (c->progress_set)
		return;
	c->progress_set =
	    loop_timer_set(c->progress, TASKS_PROGRESS_MS) == ST_OK;
}

void
tasks_moved(struct core *c, uint64_t task, uint64_t scan)
{
	(void)task;
	if (scan != 0)
		events_scan(c, scan);
}

/* ---- orders -------------------------------------------------------------- */

struct building {
	struct arena arena;
	struct task_order *order;
};

static enum status
note_path(void *arg, struct span path)
{
	struct building *b = arg;
	struct scan_order *o = &b->order->order;
	char *copy = arena_str(&b->arena, path);

	if (copy == NULL || o->path_count == ORDER_PATHS_MAX)
		return ST_LIMIT;
	o->paths[o->path_count++] = span_of(copy, path.len);
	return ST_OK;
}

static enum status
note_scan(void *arg, const struct scan_row *row)
{
	struct building *b = arg;
	struct scan_order *o = &b->order->order;
	char *copy = arena_str(&b->arena, row->types);
	struct span rest, type;

	if (copy == NULL)
		return ST_NOMEM;
	rest = span_of(copy, row->types.len);
	while (str_next(&rest, '\n', &type)) {
		if (o->type_count == ORDER_TYPES_MAX)
			return ST_LIMIT;
		o->types[o->type_count++] = type;
	}
	o->min_confidence = row->min_confidence;
	o->jobs = row->jobs;
	o->bytes_per_second = row->bytes_per_second;
	copy = arena_str(&b->arena, row->limits);
	if (copy == NULL)
		return ST_NOMEM;
	o->limits = span_of(copy, row->limits.len);
	copy = arena_str(&b->arena, row->ocr);
	if (copy == NULL)
		return ST_NOMEM;
	o->ocr = span_of(copy, row->ocr.len);
	o->want_totals = 1;
	o->skip_unchanged = row->skip_unchanged;
	return ST_OK;
}

/* How a target on another host is read. */
static enum status
note_remote(void *arg, const struct remote_row *row)
{
	struct building *b = arg;
	struct scan_order *o = &b->order->order;
	char *options = arena_str(&b->arena, row->options);
	char *credential = arena_str(&b->arena, row->credential);

	if (options == NULL || credential == NULL)
		return ST_NOMEM;
	o->options = span_of(options, row->options.len);
	o->credential = span_of(credential, row->credential.len);
	return ST_OK;
}

static enum status
note_places(struct core *c, const struct task_row *t, struct building *b)
{
	enum status st;

	if (t->url.len == 0)
		return q_scan_paths(c->store, t->scan, note_path, b);
	st = note_path(b, t->url);
	if (st == ST_OK)
		st = q_remote_get(c->store, t->target, note_remote, b);
	return st;
}

static void
send_order(struct core *c, const struct live *a, const struct task_row *t)
{
	struct building b = {0};
	enum status st = ST_NOMEM;

	arena_init(&b.arena, ORDER_BYTES_MAX);
	b.order = arena_take(&b.arena, sizeof(*b.order));
	if (b.order != NULL) {
		b.order->task = t->id;
		b.order->scan = t->scan;
		b.order->target = t->target;
		st = q_scan_get(c->store, t->scan, note_scan, &b);
	}
	if (st == ST_OK)
		st = note_places(c, t, &b);
	if (st == ST_OK)
		say_order_to(c, a->conn, b.order);
	else
		log_error("a task cannot be ordered task=%llu reason=\"%s\"",
			  (unsigned long long)t->id, status_text(st));
	arena_fini(&b.arena);
}

void
tasks_tell(struct core *c, uint64_t task, uint64_t agent,
	   enum task_action action)
{
	struct task_control m = {.task = task, .action = (uint8_t)action};
	const struct live *a = agents_find(c, agent);

	if (a != NULL && a->conn != 0)
		say_control_to(c, a->conn, &m);
}

struct meeting {
	struct core *c;
	const struct live *live;
	const struct agent_hello *hello; /* NULL: not now */
};

static bool
holds(const struct agent_hello *h, uint64_t task)
{
	for (size_t i = 0; h != NULL && i < h->task_count; i++)
		if (h->tasks[i].task == task)
			return true;
	return false;
}

/* One task that is not over, of an agent that is there. */
static enum status
meet_task(void *arg, const struct task_row *t)
{
	struct meeting *m = arg;
	bool held = holds(m->hello, t->id);

	if (t->outcome != 0)
		return ST_OK; /* its last batch is here, only the sweep is not
			       */
	if (!held && t->state == TASK_PAUSED && t->started == 0)
		return ST_OK; /* paused before it began: not ordered yet */
	if (!held)
		send_order(m->c, m->live, t);
	if (t->wanted != 0)
		tasks_tell(m->c, t->id, t->agent, t->wanted);
	return ST_OK;
}

static enum status
note_state(void *arg, const struct task_row *t)
{
	struct task_row *to = arg;

	*to = *t; /* its spans are not looked at */
	return ST_OK;
}

/* What it still holds and should not any more. */
static void
stop_strays(struct core *c, const struct live *a,
	    const struct agent_hello *hello)
{
	for (size_t i = 0; i < hello->task_count; i++) {
		struct task_row t = {0};
		enum status st =
		    q_task_get(c->store, hello->tasks[i].task, note_state, &t);

		/* What a proxy lost may be another's by now. */
		if (st == ST_NOTFOUND ||
		    (st == ST_OK &&
		     (t.state >= TASK_DONE || t.agent != a->agent)))
			tasks_tell(c, hello->tasks[i].task, a->agent,
				   TASK_STOP);
	}
}

void
tasks_agent_up(struct core *c, const struct live *a,
	       const struct agent_hello *hello)
{
	struct meeting m = {.c = c, .live = a, .hello = hello};
	enum status st = q_agent_tasks(c->store, a->agent, meet_task, &m);

	if (st != ST_OK)
		log_error("tasks of an agent cannot be read agent=%llu",
			  (unsigned long long)a->agent);
	stop_strays(c, a, hello);
}

static enum status
order_queued(void *arg, const struct task_row *t)
{
	struct meeting *m = arg;

	if (t->state == TASK_QUEUED && t->outcome == 0)
		send_order(m->c, m->live, t);
	return ST_OK;
}

void
tasks_order(struct core *c, uint64_t agent)
{
	struct meeting m = {.c = c, .live = agents_find(c, agent)};

	if (m.live == NULL || m.live->conn == 0)
		return;
	if (q_agent_tasks(c->store, agent, order_queued, &m) != ST_OK)
		log_error("tasks of an agent cannot be read agent=%llu",
			  (unsigned long long)agent);
}

enum status
tasks_want(struct core *c, const struct task_row *t, enum task_action action)
{
	const struct live *a = agents_find(c, t->agent);
	struct move m = moves_find(t->state, action, t->started != 0,
				   a != NULL && a->conn != 0);
	enum status st = ST_OK;

	if (m.state != 0)
		st = q_task_set_state(c->store, t->id, m.state, span_str(""),
				      core_now(c));
	if (st == ST_OK)
		st = q_task_set_wanted(c->store, t->id, m.wanted);
	if (st == ST_OK && m.over)
		st = q_task_settle(c->store, t->id);
	return st;
}

/* ---- progress ------------------------------------------------------------ */

static enum status
set_state(struct core *c, const struct task_row *t, uint8_t state)
{
	enum status st = flow_begin(c);

	if (st != ST_OK)
		return st;
	st =
	    q_task_set_state(c->store, t->id, state, span_str(""), core_now(c));
	if (st == ST_OK &&
	    ((t->wanted == TASK_PAUSE && state == TASK_PAUSED) ||
	     (t->wanted == TASK_RESUME && state == TASK_RUNNING)))
		st = q_task_set_wanted(c->store, t->id, 0);
	if (st == ST_OK)
		st = q_scan_follow(c->store, t->scan, core_now(c));
	return flow_end(c, st);
}

static void
keep_progress(struct core *c, struct moving *m, const struct task_progress *p)
{
	size_t n = p->progress.current.len;

	if (n >= sizeof(m->current))
		n = sizeof(m->current) - 1;
	if (n > 0)
		memcpy(m->current, p->progress.current.ptr, n);
	m->progress = p->progress;
	m->progress.current = span_of(m->current, n);
	m->rate = p->bytes_per_second;
	m->dirty = true;
	set_progress_timer(c);
}

static void
take_progress(struct core *c, const struct live *a,
	      const struct task_progress *p)
{
	struct task_row t = {0};
	struct moving *m = table_find_u64(c->moving, p->task);
	enum status st = q_task_get(c->store, p->task, note_state, &t);

	if (st != ST_OK || t.agent != a->agent || t.state >= TASK_DONE ||
	    t.outcome != 0)
		return;
	if (m == NULL)
		m = moving_of(c, p->task, t.scan);
	if (m == NULL)
		return;
	keep_progress(c, m, p);
	if ((p->state == TASK_RUNNING || p->state == TASK_PAUSED) &&
	    p->state != t.state && set_state(c, &t, p->state) != ST_OK)
		log_warn("state of a task is not kept task=%llu",
			 (unsigned long long)p->task);
	events_scan(c, t.scan);
}

void
tasks_progress(struct core *c, struct span body)
{
	struct peer_said said;
	struct task_progress p;
	struct live *a;

	if (peer_said_unpack(body, &said) != ST_OK ||
	    task_progress_unpack(said.body, &p) != ST_OK) {
		log_error("the gate sent what cannot be read kind=PROGRESS");
		return;
	}
	a = agents_live(c, said.conn, said.agent);
	if (a != NULL)
		take_progress(c, a, &p);
}

void
tasks_overlay(struct core *c, struct task_row *t)
{
	const struct moving *m = table_find_u64(c->moving, t->id);

	if (m == NULL || t->state >= TASK_DONE)
		return;
	t->done_objects = m->progress.done_objects;
	t->done_bytes = m->progress.done_bytes;
	t->total_objects = m->progress.total_objects;
	t->total_bytes = m->progress.total_bytes;
	t->total_exact = m->progress.total_exact != 0;
	t->rate = m->rate;
	t->current = m->progress.current;
}

static enum status
write_progress(struct core *c)
{
	struct moving *m;
	enum status st = ST_OK;
	size_t at = 0;

	while (st == ST_OK && (m = table_next(c->moving, &at, NULL)) != NULL) {
		if (!m->dirty)
			continue;
		m->dirty = false;
		st = q_task_set_progress(c->store, m->task, &m->progress,
					 m->rate, core_now(c));
	}
	return st;
}

void
tasks_progress_timer(void *core)
{
	struct core *c = core;
	enum status st;

	c->progress_set = false;
	if (c->trouble != STORE_WELL)
		return;
	st = flow_begin(c);
	if (st == ST_OK)
		st = flow_end(c, write_progress(c));
	if (st != ST_OK)
		log_warn("progress is not kept reason=\"%s\"", status_text(st));
}

/* ---- the end ------------------------------------------------------------- */

void
tasks_wake_sweep(struct core *c)
{
	if ((c->sweep == NULL && !c->sweep_wanted) || c->trouble != STORE_WELL)
		return;
	if (loop_timer_set(c->sweeping, 0) != ST_OK)
		log_error("no timer for the sweep");
}

static bool
is_default(void *arg, struct span type)
{
	const struct core *c = arg;

	return table_find(c->defaults, type) != NULL;
}

static enum status
first_unswept(void *arg, const struct task_row *t)
{
	uint64_t *task = arg;

	*task = t->id;
	return ST_EOF;
}

static enum status
next_sweep(struct core *c)
{
	uint64_t task = 0;
	enum status st = q_tasks_unswept(c->store, first_unswept, &task);

	if (st != ST_OK || task == 0) {
		c->sweep_wanted = false;
		return st;
	}
	return sweep_open(c->store, c->rollup, task, is_default, c, &c->sweep);
}

static enum status
end_task(struct core *c, const struct task_row *t)
{
	enum task_state state = moves_end(t->outcome);
	enum status st =
	    q_task_set_state(c->store, t->id, state, t->message, core_now(c));

	if (st == ST_OK)
		st = q_scan_follow(c->store, t->scan, core_now(c));
	return st;
}

static enum status
end_this(void *arg, const struct task_row *t)
{
	struct core *c = arg;

	log_info("task is over task=%llu scan=%llu outcome=%s",
		 (unsigned long long)t->id, (unsigned long long)t->scan,
		 task_state_name(moves_end(t->outcome)));
	events_scan(c, t->scan);
	return end_task(c, t);
}

static void
one_step(struct core *c)
{
	uint64_t task = sweep_task(c->sweep);
	enum status st = flow_begin(c), step = ST_OK;

	if (st == ST_OK) {
		step = sweep_step(c->sweep, core_now(c));
		st = step == ST_AGAIN ? ST_OK : step;
		if (step == ST_OK)
			st = q_task_get(c->store, task, end_this, c);
		st = flow_end(c, st);
	}
	if (st == ST_OK && step == ST_AGAIN)
		return;
	sweep_close(c->sweep);
	c->sweep = NULL;
	if (st == ST_OK) {
		free(table_take_u64(c->moving, task));
		events_findings(c);
		proxies_assign(c); /* whoever had it has room again */
	}
}

void
tasks_sweep_timer(void *core)
{
	struct core *c = core;

	if (c->trouble != STORE_WELL)
		return;
	if (c->sweep == NULL && next_sweep(c) != ST_OK) {
		log_error("a finished task cannot be read");
		return;
	}
	if (c->sweep != NULL)
		one_step(c);
	tasks_wake_sweep(c);
}
