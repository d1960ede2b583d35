#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "master/core/agents.h"
#include "master/core/events.h"
#include "master/core/flow.h"
#include "master/core/handover.h"
#include "master/core/tasks_impl.h"

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
	m->moved = core_now(c);
	m->signed_at = clock_mono_ms(c->clock);
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

static bool
counts_differ(const struct scan_progress *a, const struct scan_progress *b)
{
	return a->done_objects != b->done_objects ||
	       a->done_bytes != b->done_bytes ||
	       a->total_objects != b->total_objects ||
	       a->total_bytes != b->total_bytes || a->findings != b->findings ||
	       a->partial != b->partial || a->unread != b->unread ||
	       a->skipped_dirs != b->skipped_dirs;
}

/* Whether it gets on; one that has just come has all its time. */
static void
note_signs(struct core *c, struct moving *m, const struct live *a,
	   const struct task_progress *p)
{
	bool moves = counts_differ(&m->progress, &p->progress);

	if (moves)
		m->moved = core_now(c);
	if (moves || p->progress.signs != m->progress.signs ||
	    p->state != m->state || a->conn != m->conn) {
		m->signed_at = clock_mono_ms(c->clock);
		m->hangs = false;
	}
	m->state = p->state;
	m->conn = a->conn;
}

static void
keep_progress(struct core *c, struct moving *m, const struct live *a,
	      const struct task_progress *p)
{
	size_t n = p->progress.current.len;

	note_signs(c, m, a, p);
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
	enum status st = q_task_get(c->store, p->task, tasks_note_state, &t);

	if (st != ST_OK || t.agent != a->agent || t.state >= TASK_DONE ||
	    t.outcome != 0)
		return;
	if (m == NULL)
		m = moving_of(c, p->task, t.scan);
	if (m == NULL)
		return;
	m->remote = t.url.len > 0;
	keep_progress(c, m, a, p);
	if (!m->hangs &&
	    (p->state == TASK_RUNNING || p->state == TASK_PAUSED) &&
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
					 m->rate, m->moved);
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
	if (st == ST_OK)
		handover_look(c);
	else
		log_warn("progress is not kept reason=\"%s\"", status_text(st));
}
