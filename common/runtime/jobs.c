#include "runtime/jobs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "crypto/secret.h"
#include "model/task.h"
#include "runtime/jobs_impl.h"

#define TICK_MS      1000
#define RETRY_CAP_MS 60000

struct job *
jobs_find(const struct jobs *j, uint64_t task)
{
	for (size_t i = 0; i < j->count; i++)
		if (j->job[i]->order.task == task)
			return j->job[i];
	return NULL;
}

/* ---- whose turn it is ---- */

static bool
wants_scanner(const struct job *t)
{
	return t->wish == WISH_RUN && t->run == RUN_IDLE && t->outcome == 0 &&
	       !job_is_over(t);
}

void
jobs_step(struct jobs *j)
{
	size_t busy = 0;

	if (!j->allowed || !j->has_key)
		return;
	for (size_t i = 0; i < j->count; i++)
		if (j->job[i]->wish == WISH_RUN && j->job[i]->run != RUN_IDLE)
			busy++;
	for (size_t i = 0; i < j->count && busy < j->config.at_once; i++) {
		if (!wants_scanner(j->job[i]))
			continue;
		job_start(j->job[i]);
		busy += j->job[i]->run != RUN_IDLE;
	}
	if (!j->ticking && loop_timer_set(j->tick, j->config.tick_ms) == ST_OK)
		j->ticking = true;
}

static void
on_again(void *arg)
{
	struct job *t = arg;

	t->run = RUN_IDLE;
	jobs_step(t->jobs);
}

static bool
needs_tick(const struct job *t)
{
	return t->run != RUN_IDLE ||
	       (t->gather != NULL && gather_blocked(t->gather));
}

static void
on_tick(void *arg)
{
	struct jobs *j = arg;
	bool more = false;

	j->ticking = false;
	for (size_t i = 0; i < j->count; i++) {
		job_tick(j->job[i]);
		more |= needs_tick(j->job[i]);
	}
	if (more && loop_timer_set(j->tick, j->config.tick_ms) == ST_OK)
		j->ticking = true;
	jobs_step(j);
}

/* ---- orders ---- */

static void
job_free(struct job *t)
{
	if (t == NULL)
		return;
	job_close_pipes(t);
	gather_close(t->gather);
	loop_timer_close(t->again);
	buf_fini(&t->bytes);
	buf_fini(&t->current);
	free(t);
}

static void
job_remove(struct jobs *j, size_t i)
{
	job_free(j->job[i]);
	j->count--;
	for (; i < j->count; i++)
		j->job[i] = j->job[i + 1];
}

/* The file of the task becomes a job. */
static enum status
job_load(struct jobs *j, uint64_t task)
{
	struct job *t = calloc(1, sizeof(*t));
	enum status st;
	size_t at;

	if (t == NULL)
		return ST_NOMEM;
	t->jobs = j;
	t->backoff = (struct backoff){j->config.retry_ms, RETRY_CAP_MS, 0};
	buf_init(&t->bytes, TASKFILE_MAX);
	buf_init(&t->current, PATH_SHOWN);
	st = loop_timer_open(j->config.loop, on_again, t, &t->again);
	if (st == ST_OK)
		st = taskfile_read(j->config.dir, task, &t->bytes, &t->order,
				   &t->wish);
	if (st != ST_OK) {
		job_free(t);
		return st;
	}
	for (at = j->count; at > 0; at--) {
		if (j->job[at - 1]->order.task < task)
			break;
		j->job[at] = j->job[at - 1];
	}
	j->job[at] = t;
	j->count++;
	return ST_OK;
}

static bool
was_finished(const struct jobs *j, uint64_t task)
{
	for (size_t i = 0; i < SPOOL_TASKS_MAX; i++)
		if (j->finished[i] == task)
			return true;
	return false;
}

enum status
jobs_order(struct jobs *j, const struct task_order *o)
{
	enum status st;

	if (o->task == 0 || jobs_find(j, o->task) != NULL ||
	    was_finished(j, o->task))
		return ST_OK;
	if (j->count == SPOOL_TASKS_MAX)
		return ST_LIMIT;
	st = taskfile_write(j->config.dir, o, WISH_RUN);
	if (st == ST_OK)
		st = job_load(j, o->task);
	if (st != ST_OK)
		return st;
	log_info("task is ordered task=%" PRIu64 " paths=%zu", o->task,
		 o->order.path_count);
	jobs_step(j);
	return ST_OK;
}

enum status
jobs_control(struct jobs *j, const struct task_control *c)
{
	static const enum task_wish wishes[] = {[TASK_PAUSE] = WISH_PAUSE,
						[TASK_RESUME] = WISH_RUN,
						[TASK_STOP] = WISH_STOP};
	static const enum record_kind kinds[] = {[TASK_PAUSE] = RECORD_PAUSE,
						 [TASK_RESUME] = RECORD_RESUME,
						 [TASK_STOP] = RECORD_STOP};
	struct job *t = jobs_find(j, c->task);
	enum status st;

	if (c->action < TASK_PAUSE || c->action > TASK_STOP)
		return ST_UNSUPPORTED;
	if (t == NULL || t->outcome != 0 || job_is_over(t) ||
	    t->wish == WISH_STOP || t->wish == wishes[c->action])
		return ST_OK;
	st = taskfile_write(j->config.dir, &t->order, wishes[c->action]);
	if (st != ST_OK)
		return st;
	log_info("task is told to %s task=%" PRIu64,
		 c->action == TASK_PAUSE    ? "pause"
		 : c->action == TASK_RESUME ? "go on"
					    : "stop",
		 c->task);
	t->wish = wishes[c->action];
	job_say(t, kinds[c->action]);
	if (t->wish == WISH_STOP && j->has_key)
		job_stop_idle(t);
	job_tell(t);
	jobs_step(j);
	return ST_OK;
}

/* ---- outside ---- */

void
jobs_acked(struct jobs *j)
{
	uint64_t acked = spool_acked(j->config.spool);

	for (size_t i = j->count; i-- > 0;) {
		struct job *t = j->job[i];

		if (t->gather != NULL && gather_blocked(t->gather))
			job_tick(t);
		if (!job_is_over(t) || job_mark_seq(t) > acked ||
		    job_has_process(t))
			continue;
		j->finished[j->finished_at++ % SPOOL_TASKS_MAX] = t->order.task;
		taskfile_remove(j->config.dir, t->order.task);
		spool_forget(j->config.spool, t->order.task);
		job_remove(j, i);
	}
}

void
jobs_key(struct jobs *j, const uint8_t key[FINGERPRINT_KEY_LEN])
{
	if (j->has_key)
		return; /* it never changes in the life of an installation */
	memcpy(j->key, key, FINGERPRINT_KEY_LEN);
	j->has_key = true;
	for (size_t i = 0; i < j->count; i++) {
		struct job *t = j->job[i];

		if (job_open_gather(t) == ST_OK && job_is_over(t))
			t->outcome = SCAN_DONE;
		if (t->wish == WISH_STOP)
			job_stop_idle(t);
	}
	jobs_step(j);
}

void
jobs_allow(struct jobs *j, bool allowed)
{
	j->allowed = allowed;
	if (allowed) {
		jobs_step(j);
		return;
	}
	for (size_t i = 0; i < j->count; i++)
		job_kill(j->job[i]);
}

size_t
jobs_list(const struct jobs *j, struct task_held *to, size_t max)
{
	size_t n = j->count < max ? j->count : max;

	for (size_t i = 0; i < n; i++) {
		to[i].task = j->job[i]->order.task;
		to[i].state = job_state(j->job[i]);
	}
	return n;
}

size_t
jobs_running(const struct jobs *j)
{
	size_t n = 0;

	for (size_t i = 0; i < j->count; i++)
		n += job_state(j->job[i]) == TASK_RUNNING;
	return n;
}

void
jobs_tell(struct jobs *j)
{
	for (size_t i = 0; i < j->count; i++)
		job_tell(j->job[i]);
}

struct gather_task
jobs_name(const struct jobs *j, uint64_t task)
{
	const struct job *t = jobs_find(j, task);

	if (t == NULL)
		return (struct gather_task){.task = task};
	return (struct gather_task){
	    .task = task, .scan = t->order.scan, .target = t->order.target};
}

/* Marks of tasks that have no file: their end was acknowledged. */
static void
forget_strangers(struct jobs *j)
{
	struct spool_mark m;
	size_t i = 0;

	while (spool_mark_at(j->config.spool, i, &m) == ST_OK)
		if (jobs_find(j, m.task) == NULL)
			spool_forget(j->config.spool, m.task);
		else
			i++;
}

static enum status
load_all(struct jobs *j)
{
	uint64_t tasks[SPOOL_TASKS_MAX];
	size_t n;
	enum status st =
	    taskfile_list(j->config.dir, tasks, SPOOL_TASKS_MAX, &n);

	for (size_t i = 0; st == ST_OK && i < n; i++) {
		st = job_load(j, tasks[i]);
		if (st != ST_MALFORMED)
			continue;
		log_error("task file is damaged, the master will order it "
			  "again task=%" PRIu64,
			  tasks[i]);
		taskfile_remove(j->config.dir, tasks[i]);
		st = ST_OK;
	}
	return st;
}

enum status
jobs_open(const struct jobs_config *c, struct jobs **out)
{
	struct jobs *j = calloc(1, sizeof(*j));
	enum status st;

	if (j == NULL)
		return ST_NOMEM;
	j->config = *c;
	if (c->tick_ms == 0)
		j->config.tick_ms = TICK_MS;
	st = loop_timer_open(c->loop, on_tick, j, &j->tick);
	if (st == ST_OK)
		st = load_all(j);
	if (st != ST_OK) {
		jobs_close(j);
		return st;
	}
	forget_strangers(j);
	*out = j;
	return ST_OK;
}

void
jobs_close(struct jobs *j)
{
	if (j == NULL)
		return;
	while (j->count > 0)
		job_remove(j, j->count - 1);
	loop_timer_close(j->tick);
	secret_wipe(j->key, sizeof(j->key));
	free(j);
}
