#ifndef INGEST_SWEEP_H
#define INGEST_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "master/ingest/scope.h"
#include "master/store/rollup.h"
#include "master/store/store.h"

/*
 * sweep: what a finished task did not find again is gone. A finding goes when
 * the task would have found it again (scope.h), and either read its object
 * fully, or walked past where it was and met neither it nor trouble. What could
 * not be read keeps its findings: nobody looked. A task that was stopped or
 * failed settles only what it read.
 *
 * It goes in steps, each in a transaction of the caller, and may begin again
 * from the start at any time: the steps change nothing twice.
 *
 * Owner: sweep_close() takes NULL. The store and the rollup are borrowed.
 */
struct sweep;

/* ST_NOTFOUND: no such task. */
NODISCARD enum status sweep_open(struct store *s, struct rollup *r,
				 uint64_t task, scope_default_fn *is_default,
				 void *arg, struct sweep **out);
void sweep_close(struct sweep *w);

#define SWEEP_STEP 500 /* findings looked at in one step */

/* ST_AGAIN: there is more. ST_OK: done, and noted in the task. */
NODISCARD enum status sweep_step(struct sweep *w, int64_t now);

uint64_t sweep_task(const struct sweep *w);
uint64_t sweep_gone(const struct sweep *w); /* so far */

#endif
