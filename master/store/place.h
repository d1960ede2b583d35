#ifndef STORE_PLACE_H
#define STORE_PLACE_H

#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * place: where a page of the ledger ended, as the text of a cursor: the task,
 * the path, the number. A path that is too long for a cursor stands there by
 * its beginning, with how many rows were given whose paths begin like it.
 *
 * Owner: the bytes of the path are within.
 */
#define PLACE_PATH_MAX 512 /* bytes of a path */
#define PLACE_TEXT_MAX (2 * PLACE_PATH_MAX + 64)

struct place {
	uint64_t task;  /* 0: nothing was given yet */
	int64_t number; /* -1: the path is cut, skip counts */
	uint64_t skip;
	size_t len;
	uint8_t path[PLACE_PATH_MAX];
};

/* The row with this path and number was given. */
void place_move(struct place *p, uint64_t task, struct span path,
		uint32_t number);

void place_write(const struct place *p, char to[PLACE_TEXT_MAX]);
/* ST_MALFORMED: place_write() did not write that. */
NODISCARD enum status place_read(struct span text, struct place *out);

#endif
