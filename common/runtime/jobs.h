#ifndef RUNTIME_JOBS_H
#define RUNTIME_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/span.h"
#include "base/status.h"
#include "model/session.h"
#include "runtime/gather.h"
#include "runtime/spool.h"
#include "sys/loop.h"

/*
 * jobs: the scan tasks of this host, from the master's order to the last batch
 * in the spool. A task is kept in a file until the master has acknowledged its
 * end; its progress is kept by the spool's marks. So whatever dies, it goes on
 * at its last checkpoint.
 *
 * Tasks run one after the other (config.at_once), lowest number first. A
 * scanner that dies is started again; after JOBS_DEATHS deaths without a
 * checkpoint in between the task fails and says why. Being killed from outside
 * is no fault of the task: it takes JOBS_KILLS of them.
 *
 * Owner:   jobs_close() takes NULL; scanners that run lose their pipes and end.
 * Threads: that of the loop.
 * Limits:  SPOOL_TASKS_MAX tasks; more are ST_LIMIT.
 */
#define JOBS_DEATHS 5
#define JOBS_KILLS  500

struct jobs;

struct jobs_ops {
	/* Start a scanner; jobs_started() or jobs_ended() answers, later. */
	void (*spawn)(void *arg, uint64_t task);
	void (*kill)(void *arg, uint64_t task); /* jobs_ended() answers */
	void (*filled)(void *arg);              /* the spool has a new entry */
	void (*progress)(void *arg, const struct task_progress *p);
};

struct jobs_config {
	struct loop *loop;
	const struct clock *clock;
	struct spool *spool;
	const char *dir; /* folder of the task files, outlives the jobs */
	unsigned at_once;
	uint64_t retry_ms; /* first wait before a dead scanner is started */
	uint64_t tick_ms;  /* between progress reports; 0: a second */
	struct jobs_ops ops;
	void *arg;
};

/* Reads the task files; nothing starts before jobs_key() and jobs_allow(). */
NODISCARD enum status jobs_open(const struct jobs_config *c, struct jobs **out);
void jobs_close(struct jobs *j);

void jobs_key(struct jobs *j, const uint8_t key[FINGERPRINT_KEY_LEN]);
/* Whether scans may run: false ends every scanner, true goes on. */
void jobs_allow(struct jobs *j, bool allowed);

/* Again is fine. ST_FULL, ST_IO: it could not be kept, so it is not taken. */
NODISCARD enum status jobs_order(struct jobs *j, const struct task_order *o);
NODISCARD enum status jobs_control(struct jobs *j,
				   const struct task_control *c);

/* The master has acknowledged more of the spool. */
void jobs_acked(struct jobs *j);

/* Takes the descriptors: stdin and stdout of the scanner. */
void jobs_started(struct jobs *j, uint64_t task, int in, int out);
/* It ended, or could not be started: how, for people. */
void jobs_ended(struct jobs *j, uint64_t task, const char *how);
/* Somebody killed it (perhaps us, perhaps for want of memory). */
void jobs_killed(struct jobs *j, uint64_t task);

/* Tasks that are not acknowledged to their end. */
size_t jobs_list(const struct jobs *j, struct task_held *to, size_t max);
size_t jobs_running(const struct jobs *j);
/* Every task's progress once more, for a master that has just come back. */
void jobs_tell(struct jobs *j);

/* What an empty batch of a task must name; zeros for one not known. */
struct gather_task jobs_name(const struct jobs *j, uint64_t task);

#endif
