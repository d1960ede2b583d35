#ifndef STORE_ROLLUP_H
#define STORE_ROLLUP_H

#include <stdbool.h>
#include <stdint.h>

#include "master/store/store.h"

/*
 * rollup: counts that follow findings. Changes are gathered in memory and
 * written by rollup_flush() in the transaction that made them, so that the
 * summaries always equal a recount.
 *
 * Owner:   rollup_close() takes NULL.
 * Limits:  ROLLUP_MAX different keys between two flushes, then ST_LIMIT:
 *          flush in time, see rollup_crowded().
 */
#define ROLLUP_MAX 200000

struct rollup;

NODISCARD enum status rollup_open(struct store *s, struct rollup **out);
void rollup_close(struct rollup *r);

/* What counts of one finding. */
struct rollup_side {
	uint32_t type;
	uint8_t risk, state;
	uint64_t matches;
};

/* before is NULL for a new finding. folder is that of its object. */
NODISCARD enum status rollup_change(struct rollup *r, uint64_t target,
				    uint64_t folder,
				    const struct rollup_side *before,
				    const struct rollup_side *after);

NODISCARD enum status rollup_flush(struct rollup *r, int64_t now);

/*
 * Half of ROLLUP_MAX is used: flush before the next object, within the same
 * transaction. One object needs a key for each folder above it at most.
 */
bool rollup_crowded(const struct rollup *r);

/* After a rollback: forget everything since the last flush. */
void rollup_forget(struct rollup *r);

/* Findings that began to stand open since the last call. */
uint64_t rollup_take_new(struct rollup *r);

#endif
