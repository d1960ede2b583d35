#ifndef AGENT_SOURCE_AHEAD_H
#define AGENT_SOURCE_AHEAD_H

#include <stddef.h>

#include "agent/source/trail.h"
#include "source/own.h"

/*
 * ahead: files of a folder that are opened before it is their turn, and closed
 * some at a time after it. One call of the kernel for many files in turn finds
 * its code at hand: 6 % of what a scan of tiny files costs (CPU time, 40,000 of
 * 1 KiB, one data type).
 *
 * Owner:  whoever walks; all zero is an empty one, ahead_fini() ends any.
 * Limits: AHEAD descriptors before and AHEAD behind.
 */
#define AHEAD 16

struct ahead {
	int opened[AHEAD]; /* below 0: -errno */
	size_t count, taken;
	int spent[AHEAD];
	size_t spent_count;
};

/*
 * The descriptor of entry `at` of the folder, a file; below 0: -errno. Those
 * behind it are opened as well, up to the first that is no file or Trawl's own:
 * they are asked for next, one by one.
 */
int ahead_take(struct ahead *a, struct level *l, size_t at,
	       const struct own *own);
/* It is done with. */
void ahead_spend(struct ahead *a, int fd);
void ahead_fini(struct ahead *a);

#endif
