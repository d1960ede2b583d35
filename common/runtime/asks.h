#ifndef RUNTIME_ASKS_H
#define RUNTIME_ASKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "model/session.h"
#include "sys/loop.h"

/*
 * asks: questions of the master about targets (does it answer, what stands in
 * it), each given to a scanner of its own, which is started as for a task. No
 * answer is kept: when the connection ends the master asks again.
 *
 * Every question is answered: at the latest after ASKS_SECONDS.
 *
 * Owner:   asks_close() takes NULL; scanners that run lose their pipes and end.
 * Threads: that of the loop.
 */
#define ASKS_MAX     4 /* at a time; more are told that it is busy */
#define ASKS_SECONDS 120
#define ASKS_TAG     (UINT64_C(1) << 63) /* no task has such a number */

struct asks;

struct asks_ops {
	/* As those of jobs; tags have ASKS_TAG. */
	void (*spawn)(void *arg, uint64_t tag);
	void (*kill)(void *arg, uint64_t tag);
	/* Good until return. */
	void (*answer)(void *arg, const struct agent_answer *a);
};

NODISCARD enum status asks_open(struct loop *l, const struct asks_ops *ops,
				void *arg, struct asks **out);
void asks_close(struct asks *a);

void asks_take(struct asks *a, const struct agent_ask *q);

static inline bool
asks_owns(uint64_t tag)
{
	return (tag & ASKS_TAG) != 0;
}

/* Takes the descriptors: stdin and stdout of the scanner. */
void asks_started(struct asks *a, uint64_t tag, int in, int out);
/* It ended, or could not be started. */
void asks_ended(struct asks *a, uint64_t tag);

#endif
