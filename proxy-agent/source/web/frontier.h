#ifndef PROXY_AGENT_SOURCE_WEB_FRONTIER_H
#define PROXY_AGENT_SOURCE_WEB_FRONTIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "base/table.h"

/*
 * frontier: the addresses of a crawl, level by level and within a level in
 * bytewise order, so that the order does not hang on who answered first and a
 * position (level and address) can be found again. Each address is there once:
 * spellings, the order of parameters, and parameters that only say who asks
 * (session ids, campaign tags) make no difference.
 *
 * Endless sites are cut: too many parts, a part that comes again and again, too
 * many queries of one path, too many addresses in all. `traps` says where.
 */
#define FRONTIER_PARTS   40   /* of one path */
#define FRONTIER_SAME    3    /* times one part may stand in a path */
#define FRONTIER_QUERIES 1000 /* of one path */
#define FRONTIER_TRAPS   1000

struct frontier {
	struct arena memory; /* the addresses */
	struct table *seen;  /* keys of addresses; of paths: their count */
	struct table *paths;
	struct span *now, *next; /* this level, sorted; the one below */
	size_t now_count, next_count, next_room;
	size_t at; /* of this level */
	unsigned level;
	size_t total, max;
	struct span traps[FRONTIER_TRAPS]; /* an address for each */
	size_t trap_count, trap_at;
	bool full; /* more than max */
};

NODISCARD enum status frontier_open(struct frontier *f, size_t max);
void frontier_close(struct frontier *f);

/* Into the next level, unless it was there. ST_NOMEM only. */
NODISCARD enum status frontier_add(struct frontier *f, struct span url);

/* Counts as met; true: it had not been. */
bool frontier_meet(struct frontier *f, struct span url);

/* The next level becomes this one; false: it is empty. */
bool frontier_turn(struct frontier *f);

#endif
