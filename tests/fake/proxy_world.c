#include "fake/proxy_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "master/core/flow.h"
#include "master/core/tasks.h"

/* The task that is ordered next and on which connection, 0 when none is. */
uint64_t
px_ordered(struct core_world *w, uint64_t *conn, struct task_order *m)
{
	struct span body;

	if (!core_said(w, PEER_ORDER, conn, &body))
		return 0;
	assert_int_equal(task_order_unpack(body, m), ST_OK);
	return m->task;
}

static enum status
note_task(void *arg, const struct task_row *row)
{
	struct px_seen *s = arg;

	s->row = *row;
	snprintf(s->message, sizeof(s->message), "%.*s", (int)row->message.len,
		 row->message.len > 0 ? (const char *)row->message.ptr : "");
	snprintf(s->agent, sizeof(s->agent), "%.*s", (int)row->agent_name.len,
		 row->agent_name.len > 0 ? (const char *)row->agent_name.ptr
					 : "");
	return ST_OK;
}

struct px_seen
px_seen(struct core_world *w, uint64_t task)
{
	struct px_seen s = {.message = ""};

	assert_int_equal(q_task_get(w->db.store, task, note_task, &s), ST_OK);
	return s;
}

static enum status
note_state(void *arg, const struct scan_row *row)
{
	*(uint8_t *)arg = row->state;
	return ST_OK;
}

uint8_t
px_state_of(struct core_world *w, uint64_t scan)
{
	uint8_t state = 0;

	assert_int_equal(q_scan_get(w->db.store, scan, note_state, &state),
			 ST_OK);
	return state;
}

void
px_sweep_all(struct core_world *w)
{
	tasks_wake_sweep(w->core);
	for (int i = 0;
	     i < 200 && (w->core->sweep != NULL || w->core->sweep_wanted); i++)
		tasks_sweep_timer(w->core);
	assert_null(w->core->sweep);
}

/* What a task found; how it ended, or 0, and why. */
void
px_gives(struct core_world *w, const struct from *from,
	 const char *const *lines, uint64_t task, uint8_t outcome,
	 const char *message)
{
	struct batch b;

	world_batch(lines, task, &b);
	b.outcome = outcome;
	b.message = span_str(message);
	core_world_batch(w, from->conn, from->agent, from->seq, &b);
	batch_fini(&b);
	assert_int_equal(flow_flush(w->core), ST_OK);
}
