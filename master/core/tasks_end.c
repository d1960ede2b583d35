#include <stdlib.h>

#include "base/buf.h"
#include "base/log.h"
#include "master/core/elsewhere.h"
#include "master/core/events.h"
#include "master/core/flow.h"
#include "master/core/proxies.h"
#include "master/core/tasks.h"
#include "master/sched/moves.h"
#include "model/task.h"

#define WORDS_MAX 8192 /* of all that tried it */

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
	if (elsewhere_try(c, task))
		return ST_OK; /* there may be more */
	return sweep_open(c->store, c->rollup, task, is_default, c, &c->sweep);
}

static enum status
end_task(struct core *c, const struct task_row *t)
{
	enum task_state state = moves_end(t->outcome);
	struct buf words;
	enum status st;

	buf_init(&words, WORDS_MAX);
	st = elsewhere_words(c, t, &words);
	if (st == ST_OK)
		st = q_task_set_state(c->store, t->id, state, buf_span(&words),
				      core_now(c));
	buf_fini(&words);
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
