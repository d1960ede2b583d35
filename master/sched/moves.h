#ifndef SCHED_MOVES_H
#define SCHED_MOVES_H

#include <stdbool.h>
#include <stdint.h>

#include "model/order.h"
#include "model/task.h"

/*
 * moves: the table of what a person may do to a task and what follows. Pure.
 *
 * A task that its agent has not begun moves at once; one that runs moves when
 * its agent says so, and until then the wish is kept, so that an agent that is
 * away is told when it is back.
 */
struct move {
	uint8_t state;  /* enum task_state at once, 0: none */
	uint8_t wanted; /* enum task_action to keep, 0: none */
	bool over;      /* it ends here, nothing was read */
	bool allowed;
};

/* begun: its agent has said that it runs, once. there: the agent is connected
 * and so may hold the order already. */
struct move moves_find(unsigned state, enum task_action action, bool begun,
		       bool there);

/*
 * The agent of a task of a target on another host is gone for good: where the
 * task stands for the next one. over as above.
 */
struct move moves_free(unsigned state, unsigned wanted);

/* State of a task whose last batch has this enum scan_outcome. */
enum task_state moves_end(unsigned outcome);

#endif
