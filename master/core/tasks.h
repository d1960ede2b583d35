#ifndef CORE_TASKS_H
#define CORE_TASKS_H

#include "base/span.h"
#include "master/core/state.h"
#include "master/store/q_scans.h"

/*
 * tasks: orders to agents, and what becomes of them. A task is queued until its
 * agent says that it runs; its last batch ends it once what is gone has been
 * swept. Progress is in memory and goes to the database every few seconds.
 */
#define TASKS_PROGRESS_MS 2000

/* The agent is there: what it lacks is ordered, what changed it is told. */
void tasks_agent_up(struct core *c, const struct live *a,
		    const struct agent_hello *hello);
void tasks_progress(struct core *c, struct span body);
/* A batch of it is taken. */
void tasks_moved(struct core *c, uint64_t task, uint64_t scan);

/* Order what is queued for an agent, when it is there. */
void tasks_order(struct core *c, uint64_t agent);

/*
 * Pause, resume or stop one task: inside a transaction, what is to be told to
 * its agent goes out by tasks_tell() afterwards.
 */
NODISCARD enum status tasks_want(struct core *c, const struct task_row *t,
				 enum task_action action);
void tasks_tell(struct core *c, uint64_t task, uint64_t agent,
		enum task_action action);

/* A sweep may be due: looks for it soon. */
void tasks_wake_sweep(struct core *c);
void tasks_sweep_timer(void *core);
void tasks_progress_timer(void *core);

/* The live progress of a task over its row. */
void tasks_overlay(struct core *c, struct task_row *t);

#endif
