#include "runtime/jobs_impl.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/log.h"
#include "base/must.h"
#include "model/task.h"
#include "runtime/scanner.h"

#define STOP_TICKS 10 /* a scanner that does not stop by then is killed */

static void maybe_dead(struct job *t);

bool
job_is_over(const struct job *t)
{
	return t->gather != NULL && gather_ended(t->gather);
}

bool
job_has_process(const struct job *t)
{
	return t->run == RUN_STARTING || t->run == RUN_ALIVE ||
	       t->run == RUN_DYING;
}

uint64_t
job_mark_seq(const struct job *t)
{
	struct spool_mark m;

	if (spool_mark(t->jobs->config.spool, t->order.task, &m) != ST_OK)
		return 0;
	return m.seq;
}

/* ---- ends ---- */

static void
blocked(struct job *t, enum status st)
{
	log_warn("scan waits, the spool takes nothing task=%" PRIu64
		 " reason=\"%s\"",
		 t->order.task, status_text(st));
	if (t->scanner != NULL)
		scanner_hold(t->scanner, true);
}

static void
end_task(struct job *t, uint8_t outcome, const char *message)
{
	enum status st;

	t->outcome = outcome;
	log_info("task ends task=%" PRIu64 " state=%s %s", t->order.task,
		 task_state_name(job_state(t)), message);
	st = gather_end(t->gather, outcome, message);
	if (st != ST_OK)
		blocked(t, st);
	else
		t->jobs->config.ops.filled(t->jobs->config.arg);
	job_tell(t);
}

void
job_close_pipes(struct job *t)
{
	scanner_close(t->scanner);
	t->scanner = NULL;
}

void
job_kill(struct job *t)
{
	const struct jobs_config *c = &t->jobs->config;

	if (t->run != RUN_STARTING && t->run != RUN_ALIVE)
		return;
	job_close_pipes(t);
	t->pipe_ended = true;
	t->run = RUN_DYING;
	c->ops.kill(c->arg, t->order.task);
	maybe_dead(t);
}

static void
wait_to_retry(struct job *t)
{
	uint64_t ms;

	if (t->killed) /* soon: whoever did it may be done */
		backoff_reset(&t->backoff);
	ms = backoff_next(&t->backoff, 0);
	log_warn("scanner ended early task=%" PRIu64
		 " how=\"%s\" again_in_ms=%" PRIu64,
		 t->order.task, t->how, ms);
	t->run = RUN_WAITING;
	if (loop_timer_set(t->again, ms) != ST_OK)
		t->run = RUN_IDLE;
}

/* What it told up to its last cursor counts, and is a step ahead. */
static void
count_death(struct job *t)
{
	enum status st = gather_settle(t->gather);

	if (st != ST_OK)
		blocked(t, st);
	if (job_mark_seq(t) > t->seq_at_start) {
		t->jobs->config.ops.filled(t->jobs->config.arg);
		t->deaths = t->kills = 0;
		backoff_reset(&t->backoff);
	}
	if (t->killed)
		t->kills++;
	else
		t->deaths++;
}

/* Pipe and process are gone and the task is not over. */
static void
after_death(struct job *t)
{
	char text[256];

	t->run = RUN_IDLE;
	if (job_is_over(t) || t->outcome != 0 || !t->jobs->allowed)
		return;
	if (t->wish == WISH_STOP) {
		end_task(t, SCAN_STOPPED, "");
		return;
	}
	count_death(t);
	if (t->deaths < JOBS_DEATHS && t->kills < JOBS_KILLS) {
		wait_to_retry(t);
		return;
	}
	snprintf(text, sizeof(text),
		 "the scanner ended %u times without getting on (%s)",
		 t->deaths + t->kills, t->how);
	end_task(t, SCAN_FAILED, text);
}

static void
maybe_dead(struct job *t)
{
	struct jobs *j = t->jobs;

	if (!t->pipe_ended || !t->proc_ended)
		return;
	job_close_pipes(t);
	after_death(t);
	jobs_acked(j); /* t may be gone now */
	jobs_step(j);
}

/* ---- records ---- */

static void
on_record(void *arg, const struct record *r)
{
	struct job *t = arg;
	const struct jobs_config *c = &t->jobs->config;
	uint64_t before = spool_next(c->spool);
	enum status st;

	if (job_is_over(t) || t->outcome != 0)
		return; /* something behind its END */
	if (r->kind == RECORD_PROGRESS)
		job_keep(t, &r->progress);
	if (r->kind == RECORD_END) {
		t->outcome = r->end.outcome;
		log_info(
		    "task ends task=%" PRIu64 " state=%s %.*s", t->order.task,
		    task_state_name(job_state(t)), (int)r->end.message.len,
		    r->end.message.len > 0 ? (const char *)r->end.message.ptr
					   : "");
	}
	st = gather_take(t->gather, r);
	if (spool_next(c->spool) != before)
		c->ops.filled(c->arg);
	if (st == ST_FULL || st == ST_IO) {
		blocked(t, st);
	} else if (st != ST_OK) {
		log_error("scanner's words are not understood task=%" PRIu64
			  " reason=%s",
			  t->order.task, status_name(st));
		t->outcome = 0;
		job_kill(t);
		return;
	}
	if (r->kind == RECORD_END)
		job_tell(t);
}

static void
on_closed(void *arg, enum status why)
{
	struct job *t = arg;

	if (why != ST_EOF)
		t->jobs->config.ops.kill(t->jobs->config.arg, t->order.task);
	t->run = RUN_DYING;
	t->pipe_ended = true;
	maybe_dead(t);
}

static const struct scanner_ops scanner_ops = {on_record, on_closed};

/* ---- start ---- */

enum status
job_open_gather(struct job *t)
{
	struct gather_task name = {.task = t->order.task,
				   .scan = t->order.scan,
				   .target = t->order.target,
				   .key = t->jobs->key};

	gather_close(t->gather);
	t->gather = NULL;
	return gather_open(t->jobs->config.spool, &name, &t->gather);
}

void
job_start(struct job *t)
{
	const struct jobs_config *c = &t->jobs->config;

	if (job_open_gather(t) != ST_OK)
		return; /* no memory now: the next step tries again */
	if (job_is_over(t))
		return;
	t->seq_at_start = job_mark_seq(t);
	t->pipe_ended = t->proc_ended = false;
	t->stopping = 0;
	t->rate_count = t->rate_at = 0;
	t->run = RUN_STARTING;
	c->ops.spawn(c->arg, t->order.task);
}

static enum status
say_order(struct job *t)
{
	struct scan_order order = t->order.order;
	struct record r = {.kind = RECORD_ORDER, .order = &order};
	struct spool_mark m;

	order.want_totals = 1;
	if (spool_mark(t->jobs->config.spool, t->order.task, &m) == ST_OK)
		order.cursor = m.cursor;
	return scanner_say(t->scanner, &r);
}

void
jobs_started(struct jobs *j, uint64_t task, int in, int out)
{
	struct job *t = jobs_find(j, task);
	struct scanner *s;
	enum status st;

	must(t != NULL);
	/* It may be that nobody wants it any more. */
	st = scanner_open(j->config.loop, in, out, &scanner_ops, t, &s);
	if (t->run != RUN_STARTING) {
		if (st == ST_OK)
			scanner_close(s);
		return;
	}
	if (st == ST_OK) {
		t->scanner = s;
		t->run = RUN_ALIVE;
		st = say_order(t);
	}
	if (st != ST_OK) {
		job_kill(t);
		return;
	}
	log_info("scan runs task=%" PRIu64, task);
	job_tell(t);
}

static void
has_ended(struct jobs *j, uint64_t task, const char *how, bool killed)
{
	struct job *t = jobs_find(j, task);

	if (t == NULL || !job_has_process(t))
		return;
	t->killed = killed;
	snprintf(t->how, sizeof(t->how), "%s", how);
	t->proc_ended = true;
	if (t->scanner == NULL)
		t->pipe_ended = true; /* it could not be started */
	maybe_dead(t);
}

void
jobs_ended(struct jobs *j, uint64_t task, const char *how)
{
	has_ended(j, task, how, false);
}

void
jobs_killed(struct jobs *j, uint64_t task)
{
	has_ended(j, task, "it was killed", true);
}

/* ---- while it runs ---- */

void
job_tick(struct job *t)
{
	const struct jobs_config *c = &t->jobs->config;
	uint64_t before = spool_next(c->spool);

	if (t->gather == NULL)
		return;
	if (gather_blocked(t->gather)) {
		t->excused++; /* it waits for the master, and does not hang */
		if (gather_again(t->gather) == ST_OK && t->scanner != NULL)
			scanner_hold(t->scanner, false);
	} else if (t->run == RUN_ALIVE) {
		enum status st = gather_cut(t->gather);

		if (st != ST_OK)
			blocked(t, st);
	}
	if (spool_next(c->spool) != before)
		c->ops.filled(c->arg);
	if (t->run == RUN_ALIVE && t->wish == WISH_STOP &&
	    ++t->stopping > STOP_TICKS)
		job_kill(t);
	if (job_has_process(t) || t->run == RUN_WAITING)
		job_tell(t);
}

void
job_say(struct job *t, enum record_kind kind)
{
	struct record r = {.kind = kind};

	if (t->run == RUN_ALIVE && scanner_say(t->scanner, &r) != ST_OK)
		job_kill(t);
}

/* A task that has no scanner stops on the spot. */
void
job_stop_idle(struct job *t)
{
	if (job_has_process(t) || t->outcome != 0)
		return;
	loop_timer_stop(t->again);
	t->run = RUN_IDLE;
	if (t->gather == NULL && job_open_gather(t) != ST_OK)
		return;
	if (!job_is_over(t))
		end_task(t, SCAN_STOPPED, "");
}
