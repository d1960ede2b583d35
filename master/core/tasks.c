#include "master/core/tasks.h"

#include "base/log.h"
#include "master/core/agents.h"
#include "master/core/say.h"
#include "master/core/tasks_impl.h"
#include "master/sched/moves.h"
#include "model/task.h"

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
		tasks_send_order(m->c, m->live, t);
	if (t->wanted != 0)
		tasks_tell(m->c, t->id, t->agent, t->wanted);
	return ST_OK;
}

enum status
tasks_note_state(void *arg, const struct task_row *t)
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
		enum status st = q_task_get(c->store, hello->tasks[i].task,
					    tasks_note_state, &t);

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
		tasks_send_order(m->c, m->live, t);
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
