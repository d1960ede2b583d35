#ifndef RUNTIME_JOBS_IMPL_H
#define RUNTIME_JOBS_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "model/record.h"
#include "model/session.h"
#include "runtime/backoff.h"
#include "runtime/jobs.h"
#include "runtime/taskfile.h"
#include "sys/loop.h"

struct scanner;

/*
 * jobs_impl: what the parts of jobs share, and nobody else includes.
 *
 *   jobs.c          all tasks: orders, whose turn it is, what is acknowledged
 *   job_run.c       one task and its scanner, from start to death or end
 *   job_progress.c  what is told about one task
 */
#define RATE_SLOTS 11 /* one a second: ten seconds between first and last */
#define PATH_SHOWN 4096

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
	uint64_t excused; /* ticks in which the spool took nothing of it */
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

/* ---- jobs.c ---- */

struct job *jobs_find(const struct jobs *j, uint64_t task); /* or NULL */
void jobs_step(struct jobs *j); /* start what may run now */

/* ---- job_progress.c ---- */

uint8_t job_state(const struct job *t); /* enum task_state, for the master */
void job_tell(struct job *t);           /* to config.ops.progress */
void job_keep(struct job *t, const struct scan_progress *p);

/* ---- job_run.c ---- */

bool job_is_over(const struct job *t);      /* its end is in the spool */
bool job_has_process(const struct job *t);  /* whose end is still to be told */
uint64_t job_mark_seq(const struct job *t); /* 0: nothing in the spool yet */
NODISCARD enum status job_open_gather(struct job *t);
void job_start(struct job *t);
void job_tick(struct job *t); /* once a second, or when the spool has room */
/* PAUSE, RESUME or STOP to a scanner that runs. */
void job_say(struct job *t, enum record_kind kind);
void job_stop_idle(struct job *t); /* one without a scanner stops at once */
void job_kill(struct job *t);
void job_close_pipes(struct job *t);

#endif
