#ifndef EXTRACT_HOLD_H
#define EXTRACT_HOLD_H

#include <stddef.h>
#include <stdint.h>

#include "extract/job.h"

/*
 * hold: a part whose beginning lies in memory, so that it can be read in any
 * order, or once more. All that is held at a time is bounded by budget.memory.
 *
 * hold_part() tries to hold all of it: true, and h->part is seekable, with its
 * size known. Else h->part reads what is held and then the rest, in order.
 * hold_begin() holds the first n bytes, or all when there are fewer; h->part
 * reads as a stream unless that was all.
 *
 * The part below must not be used until hold_end(), which wipes and frees.
 */
struct hold {
	uint8_t *mem;
	size_t len, at; /* of mem; at: what was read of it */
	uint8_t *buf;   /* of the part, when it is read in order */
	bool past;      /* it was read beyond what is held */
	struct part *rest;
	struct part part;
};

bool hold_part(struct extractor *x, struct part *p, struct hold *h);
bool hold_begin(struct extractor *x, struct part *p, size_t n, struct hold *h);
/* Begin anew; only while h->part was read no further than what is held. */
bool hold_again(struct hold *h);
void hold_end(struct extractor *x, struct hold *h);

#endif
