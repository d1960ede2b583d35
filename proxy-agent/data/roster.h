#ifndef PROXY_AGENT_DATA_ROSTER_H
#define PROXY_AGENT_DATA_ROSTER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * roster: the names of what a server holds, listed by it in an order of its own
 * and perhaps more than once, made into one that is the same each time: sorted,
 * each once. A place in it stands over restarts of the server and of ours.
 *
 * When there are more names than memory may hold they are taken in parts, by a
 * hash of the name; each part needs a listing of its own.
 *
 * Owner:  roster_fini().
 * Errors: ST_LIMIT the part does not fit: use more parts.
 */
#define ROSTER_BYTES ((size_t)32 << 20)
#define ROSTER_PARTS 4096 /* a power of two */

struct roster {
	uint32_t part, parts; /* part < parts */
	size_t cap;           /* bytes of names and what goes with them */
	struct buf bytes;     /* each: u32 length, name */
	uint32_t *at;         /* where each begins */
	size_t count, room;
};

void roster_init(struct roster *r, size_t cap);
void roster_fini(struct roster *r);

/* Empty, for the names of one part. */
void roster_begin(struct roster *r, uint32_t part, uint32_t parts);

/* One that was listed; those of other parts are left out. */
NODISCARD enum status roster_add(struct roster *r, struct span name);

/* All are there: bytewise, each once. */
void roster_sort(struct roster *r);

struct span roster_name(const struct roster *r, size_t i);

/* The first one behind a name, whether that is there or not. */
size_t roster_behind(const struct roster *r, struct span name);

#endif
