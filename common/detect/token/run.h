#ifndef DETECT_TOKEN_RUN_H
#define DETECT_TOKEN_RUN_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "detect/catalogue/catalogue.h"

/*
 * run: long runs of letters and digits that are one value, with the case that
 * they have: addresses and keys of coins, tickets in base 58, 32 or 16. Which
 * types may be is told by how the run begins; the rest is for their checks.
 *
 * Limits: of RUN_LEAST to RUN_MOST bytes, nothing of the kind beside them.
 */
#define RUN_LEAST 25
#define RUN_MOST  128

struct run_head {
	struct span text; /* what the run begins with */
	const struct data_type *type;
	uint16_t type_index;
};

struct run_index {
	const struct run_head *heads; /* by their first byte */
	uint16_t first[257];          /* where those of each byte begin */
};

/* Of the active types of this token. */
NODISCARD enum status run_index_build(const struct catalogue *c,
				      struct arena *a, struct run_index *out);

#endif
