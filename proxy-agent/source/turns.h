#ifndef PROXY_AGENT_SOURCE_TURNS_H
#define PROXY_AGENT_SOURCE_TURNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * turns: pages of a list that name each the next one. A list that leads back to
 * a page that was read would never end: it is noticed within thrice as many
 * pages as it has (Brent's way), in the memory of one name. Nor would one whose
 * pages hold nothing and name each another one: services do give some of those,
 * so TURNS_EMPTY of them in a row are taken.
 *
 * Owner: turns_init(), turns_fini(); all zero is fit for turns_fini().
 */
#define TURNS_NAME  (128 * 1024)
#define TURNS_EMPTY 1000

struct turns {
	struct buf mark; /* a page from before */
	uint64_t since;  /* pages behind it */
	uint64_t power;  /* so many, then the mark moves on */
	unsigned empty;  /* pages without an entry, in a row */
};

void turns_init(struct turns *t);
void turns_fini(struct turns *t);
void turns_begin(struct turns *t); /* another list */

/*
 * How many entries a page had, whether they are wanted or not, and what the
 * next one is named by. ST_MALFORMED: it leads in a circle, or nowhere.
 */
NODISCARD enum status turns_take(struct turns *t, size_t entries,
				 struct span next);

#endif
