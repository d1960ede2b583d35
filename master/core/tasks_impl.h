/*
 * Tasks as the files of it share them: `tasks` tells agents what they are to
 * do, `tasks_order` makes the orders, `tasks_progress` hears how far they are,
 * `tasks_end` sweeps up behind them.
 */
#ifndef CORE_TASKS_IMPL_H
#define CORE_TASKS_IMPL_H

#include "master/core/tasks.h"

/* The order of a task to the agent that has it. */
void tasks_send_order(struct core *c, const struct live *a,
		      const struct task_row *t);

/* For q_task_get(): into a struct task_row, whose spans are not looked at. */
enum status tasks_note_state(void *arg, const struct task_row *t);

#endif
