#ifndef MASTER_API_WORK_H
#define MASTER_API_WORK_H

#include <stddef.h>

#include "base/status.h"

struct store;

/*
 * work: threads that serve requests, in lanes, so that slow kinds of work never
 * take the threads of quick ones. Each thread has its own store handle.
 *
 * Threads: work_put() from any; work_close() once, when nobody puts any more.
 * Limits:  WORK_QUEUE jobs wait in a lane, then ST_LIMIT.
 */
enum lane {
	LANE_QUICK,  /* reads the store, asks core */
	LANE_HASH,   /* argon2id: 64 MiB and 100 ms each */
	LANE_EXPORT, /* reads for as long as the client takes */
	LANE__COUNT
};

#define WORK_QUEUE       256
#define WORK_THREADS_MAX 16

typedef void work_fn(void *arg, struct store *db);

struct work;

/*
 * threads[lane] threads a lane; stores has one handle for each, lane by lane.
 * The handles stay the caller's. stores may be NULL (tests): all get NULL.
 */
NODISCARD enum status work_open(const size_t threads[LANE__COUNT],
				struct store *const *stores, struct work **out);

/* ST_LIMIT when too many wait, ST_CLOSED after work_stop(). */
NODISCARD enum status work_put(struct work *w, enum lane lane, work_fn *fn,
			       void *arg);

/* Takes no new jobs, does those that wait, ends the threads. */
void work_stop(struct work *w);
void work_close(struct work *w); /* stops first; takes NULL */

#endif
