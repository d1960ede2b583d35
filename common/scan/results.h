#ifndef SCAN_RESULTS_H
#define SCAN_RESULTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * results: what workers say of a batch until it is given out, in pieces that
 * stay where they are: a row of them grows without a copy. What is added at
 * once lies together.
 *
 * Pieces that were let go are kept, wiped, for the next batches: memory that is
 * new is zeroed by the kernel page by page, which is dearer than to fill it.
 *
 * Owner:  results_clear() gives the pieces back to the shelf they came from,
 *         results_shelf_fini() frees those. Zeroed memory is empty, and so is a
 *         shelf; without one (NULL) pieces are freed.
 * Limits: RESULTS_MAX bytes of one batch, then ST_LIMIT; RESULTS_KEPT pieces on
 *         the shelf.
 */
#define RESULTS_MAX   (768u << 20)
#define RESULTS_PIECE (512u << 10) /* bytes; more for more at once */
#define RESULTS_KEPT  16

struct results_piece;

struct results_shelf {
	struct results_piece *first;
	size_t count;
};

struct results {
	struct results_shelf *shelf; /* or NULL */
	struct results_piece *first, *last;
	size_t len;
};

/* A place in them; zeroed is the beginning. */
struct results_at {
	const struct results_piece *piece;
	size_t off;  /* in it */
	size_t done; /* bytes before it, in all */
};

NODISCARD enum status results_add(struct results *r, struct span s);
/* What is behind len is gone. */
void results_cut(struct results *r, size_t len);
void results_clear(struct results *r);
void results_shelf_fini(struct results_shelf *s);

/*
 * What lies together from a place on, nothing behind `end` bytes in all; empty
 * there. Spans are good until the results are cut or cleared.
 */
struct span results_from(const struct results *r, struct results_at *at,
			 size_t end);
void results_skip(struct results_at *at, size_t n);

#endif
