#include "runtime/jobs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/must.h"
#include "crypto/secret.h"
#include "model/task.h"
#include "runtime/backoff.h"
#include "runtime/scanner.h"
#include "runtime/taskfile.h"

#define TICK_MS      1000
#define RETRY_CAP_MS 60000
#define STOP_TICKS   10 /* a scanner that does not stop by then is killed */
#define RATE_SLOTS   11 /* one a second: ten seconds between first and last */
#define PATH_SHOWN   4096

enum run_state {
	RUN_IDLE,     /* no scanner */
	RUN_STARTING, /* one was asked for */
	RUN_ALIVE,
	RUN_DYING,   /* its pipe is closed, its end is not yet told */
	RUN_WAITING, /* before the next try */
};

struct job {
	struct jobs *jobs;
	struct task_order order; /* borrows from bytes */
	struct buf bytes;
	enum task_wish wish;
	enum run_state run;
	struct gather *gather; /* NULL until the key is known */
	struct scanner *scanner;
	struct loop_timer *again;
	struct backoff backoff;
	unsigned deaths, kills; /* since the last checkpoint */
	uint64_t seq_at_start;  /* of its mark when the scanner was started */
	unsigned stopping;      /* ticks since it was told to stop */
	uint8_t outcome;        /* enum scan_outcome, once it has one */
	char how[128];          /* the scanner ended */
	bool pipe_ended, proc_ended, killed;
	struct scan_progress progress; /* as last told by the scanner */
	struct buf current;
	struct {
		uint64_t ms, bytes;
	} rate[RATE_SLOTS];
	size_t rate_count, rate_at;
};

struct jobs {
	struct jobs_config config;
	uint8_t key[FINGERPRINT_KEY_LEN];
	bool has_key, allowed;
	struct job *job[SPOOL_TASKS_MAX]; /* by number of the task */
	size_t count;
	uint64_t finished[SPOOL_TASKS_MAX]; /* ring: never taken again */
	size_t finished_at;
	struct loop_timer *tick;
	bool ticking;
};

static void jobs_step(struct jobs *j);
static void maybe_dead(struct job *t);

static struct job *
find(const struct jobs *j, uint64_t task)
{
	for (size_t i = 0; i < j->count; i++)
		if (j->job[i]->order.task == task)
			return j->job[i];
	return NULL;
}

static bool
is_over(const struct job *t)
{
	return t->gather != NULL && gather_ended(t->gather);
}

static bool
has_process(const struct job *t)
{
	return t->run == RUN_STARTING || t->run == RUN_ALIVE ||
	       t->run == RUN_DYING;
}

/* ---- what is told about a task ---- */

static uint8_t
state_of(const struct job *t)
{
	if (is_over(t) || t->outcome != 0) {
		switch (t->outcome) {
		case SCAN_STOPPED:
			return TASK_STOPPED;
		case SCAN_FAILED:
			return TASK_FAILED;
		default:
			return TASK_DONE;
		}
	}
	if (t->wish == WISH_PAUSE)
		return TASK_PAUSED;
	return t->run == RUN_IDLE ? TASK_QUEUED : TASK_RUNNING;
}

static void
rate_note(struct job *t, uint64_t ms, uint64_t bytes)
{
	t->rate[t->rate_at].ms = ms;
	t->rate[t->rate_at].bytes = bytes;
	t->rate_at = (t->rate_at + 1) % RATE_SLOTS;
	if (t->rate_count < RATE_SLOTS)
		t->rate_count++;
}

/* Bytes a second between the oldest and the newest note. */
static uint64_t
rate_of(const struct job *t)
{
	size_t new = (t->rate_at + RATE_SLOTS - 1) % RATE_SLOTS;
	size_t old = (t->rate_at + RATE_SLOTS - t->rate_count) % RATE_SLOTS;
	uint64_t ms;

	if (t->rate_count < 2 || t->rate[new].bytes < t->rate[old].bytes)
		return 0;
	ms = t->rate[new].ms - t->rate[old].ms;
	if (ms == 0)
		return 0;
	return (t->rate[new].bytes - t->rate[old].bytes) * 1000 / ms;
}

static void
tell_progress(struct job *t)
{
	const struct jobs_config *c = &t->jobs->config;
	struct task_progress p = {.task = t->order.task, .state = state_of(t)};
	const struct batch_totals *sum;

	if (t->gather == NULL)
		return;
	sum = gather_totals(t->gather);
	p.progress = t->progress;
	p.progress.done_objects = sum->objects;
	p.progress.done_bytes = sum->bytes;
	p.progress.findings = sum->findings;
	p.progress.partial = sum->partial;
	p.progress.unread = sum->unread;
	p.progress.current = buf_span(&t->current);
	rate_note(t, clock_mono_ms(c->clock), sum->bytes);
	p.bytes_per_second = p.state == TASK_RUNNING ? rate_of(t) : 0;
	c->ops.progress(c->arg, &p);
}

static void
keep_progress(struct job *t, const struct scan_progress *p)
{
	size_t n = p->current.len < PATH_SHOWN ? p->current.len : PATH_SHOWN;

	t->progress = *p;
	buf_clear(&t->current);
	if (buf_add(&t->current, p->current.ptr, n) != ST_OK)
		buf_clear(&t->current);
	t->progress.current = span_of(NULL, 0);
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
		 task_state_name(state_of(t)), message);
	st = gather_end(t->gather, outcome, message);
	if (st != ST_OK)
		blocked(t, st);
	else
		t->jobs->config.ops.filled(t->jobs->config.arg);
	tell_progress(t);
}

static void
close_pipes(struct job *t)
{
	scanner_close(t->scanner);
	t->scanner = NULL;
}

static void
kill_scanner(struct job *t)
{
	const struct jobs_config *c = &t->jobs->config;

	if (t->run != RUN_STARTING && t->run != RUN_ALIVE)
		return;
	close_pipes(t);
	t->pipe_ended = true;
	t->run = RUN_DYING;
	c->ops.kill(c->arg, t->order.task);
	maybe_dead(t);
}

static uint64_t
mark_seq(const struct job *t)
{
	struct spool_mark m;

	if (spool_mark(t->jobs->config.spool, t->order.task, &m) != ST_OK)
		return 0;
	return m.seq;
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
	if (mark_seq(t) > t->seq_at_start) {
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
	if (is_over(t) || t->outcome != 0 || !t->jobs->allowed)
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
	close_pipes(t);
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

	if (is_over(t) || t->outcome != 0)
		return; /* something behind its END */
	if (r->kind == RECORD_PROGRESS)
		keep_progress(t, &r->progress);
	if (r->kind == RECORD_END) {
		t->outcome = r->end.outcome;
		log_info(
		    "task ends task=%" PRIu64 " state=%s %.*s", t->order.task,
		    task_state_name(state_of(t)), (int)r->end.message.len,
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
		kill_scanner(t);
		return;
	}
	if (r->kind == RECORD_END)
		tell_progress(t);
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

static enum status
open_gather(struct job *t)
{
	struct gather_task name = {.task = t->order.task,
				   .scan = t->order.scan,
				   .target = t->order.target,
				   .key = t->jobs->key};

	gather_close(t->gather);
	t->gather = NULL;
	return gather_open(t->jobs->config.spool, &name, &t->gather);
}

static void
start(struct job *t)
{
	const struct jobs_config *c = &t->jobs->config;

	if (open_gather(t) != ST_OK)
		return; /* no memory now: the next step tries again */
	if (is_over(t))
		return;
	t->seq_at_start = mark_seq(t);
	t->pipe_ended = t->proc_ended = false;
	t->stopping = 0;
	t->rate_count = t->rate_at = 0;
	t->run = RUN_STARTING;
	c->ops.spawn(c->arg, t->order.task);
}

static bool
wants_scanner(const struct job *t)
{
	return t->wish == WISH_RUN && t->run == RUN_IDLE && t->outcome == 0 &&
	       !is_over(t);
}

static void
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
		start(j->job[i]);
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

static enum status
say_order(struct job *t)
{
	struct record r = {.kind = RECORD_ORDER, .order = t->order.order};
	struct spool_mark m;

	r.order.want_totals = 1;
	if (spool_mark(t->jobs->config.spool, t->order.task, &m) == ST_OK)
		r.order.cursor = m.cursor;
	return scanner_say(t->scanner, &r);
}

void
jobs_started(struct jobs *j, uint64_t task, int in, int out)
{
	struct job *t = find(j, task);
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
		kill_scanner(t);
		return;
	}
	log_info("scan runs task=%" PRIu64, task);
	tell_progress(t);
}

static void
has_ended(struct jobs *j, uint64_t task, const char *how, bool killed)
{
	struct job *t = find(j, task);

	if (t == NULL || !has_process(t))
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

/* ---- every second ---- */

static void
tick_one(struct job *t)
{
	const struct jobs_config *c = &t->jobs->config;
	uint64_t before = spool_next(c->spool);

	if (t->gather == NULL)
		return;
	if (gather_blocked(t->gather)) {
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
		kill_scanner(t);
	if (has_process(t) || t->run == RUN_WAITING)
		tell_progress(t);
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
		tick_one(j->job[i]);
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
	close_pipes(t);
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

	if (o->task == 0 || find(j, o->task) != NULL ||
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

static void
say_kind(struct job *t, enum record_kind kind)
{
	struct record r = {.kind = kind};

	if (t->run == RUN_ALIVE && scanner_say(t->scanner, &r) != ST_OK)
		kill_scanner(t);
}

/* A task that has no scanner stops on the spot. */
static void
stop_idle(struct job *t)
{
	if (has_process(t) || t->outcome != 0)
		return;
	loop_timer_stop(t->again);
	t->run = RUN_IDLE;
	if (t->gather == NULL && open_gather(t) != ST_OK)
		return;
	if (!is_over(t))
		end_task(t, SCAN_STOPPED, "");
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
	struct job *t = find(j, c->task);
	enum status st;

	if (c->action < TASK_PAUSE || c->action > TASK_STOP)
		return ST_UNSUPPORTED;
	if (t == NULL || t->outcome != 0 || is_over(t) ||
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
	say_kind(t, kinds[c->action]);
	if (t->wish == WISH_STOP && j->has_key)
		stop_idle(t);
	tell_progress(t);
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
			tick_one(t);
		if (!is_over(t) || mark_seq(t) > acked || has_process(t))
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

		if (open_gather(t) == ST_OK && is_over(t))
			t->outcome = SCAN_DONE;
		if (t->wish == WISH_STOP)
			stop_idle(t);
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
		kill_scanner(j->job[i]);
}

size_t
jobs_list(const struct jobs *j, struct task_held *to, size_t max)
{
	size_t n = j->count < max ? j->count : max;

	for (size_t i = 0; i < n; i++) {
		to[i].task = j->job[i]->order.task;
		to[i].state = state_of(j->job[i]);
	}
	return n;
}

size_t
jobs_running(const struct jobs *j)
{
	size_t n = 0;

	for (size_t i = 0; i < j->count; i++)
		n += state_of(j->job[i]) == TASK_RUNNING;
	return n;
}

void
jobs_tell(struct jobs *j)
{
	for (size_t i = 0; i < j->count; i++)
		tell_progress(j->job[i]);
}

struct gather_task
jobs_name(const struct jobs *j, uint64_t task)
{
	const struct job *t = find(j, task);

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
		if (find(j, m.task) == NULL)
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
