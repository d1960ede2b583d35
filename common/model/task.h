#ifndef MODEL_TASK_H
#define MODEL_TASK_H

/*
 * Where a task stands. The numbers travel on the wire and lie in the database:
 * never change one, only add.
 */
#define TASK_STATE_TABLE(X)                                                    \
	X(TASK_QUEUED, 1, "queued") /* the agent has not taken it yet */       \
	X(TASK_RUNNING, 2, "running")                                          \
	X(TASK_PAUSED, 3, "paused")   /* by a person */                        \
	X(TASK_DONE, 4, "done")       /* walked to the end */                  \
	X(TASK_STOPPED, 5, "stopped") /* by a person; what was found stands */ \
	X(TASK_FAILED, 6, "failed")   /* could not go on; message says why */  \
	X(TASK_PARTIAL, 7, "partial") /* a scan: some of its tasks failed */

enum task_state {
#define TASK_ENUM(code, number, name) code = (number),
	TASK_STATE_TABLE(TASK_ENUM)
#undef TASK_ENUM
};

enum task_action { TASK_PAUSE = 1, TASK_RESUME = 2, TASK_STOP = 3 };

/* "running"; "unknown" for a number that is not in the table. */
const char *task_state_name(unsigned state);

#endif
