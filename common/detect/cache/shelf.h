#ifndef DETECT_CACHE_SHELF_H
#define DETECT_CACHE_SHELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * shelf: files of what takes long to make beside each other, one for each
 * choice of what it is made from: BASE-KEY. Those that were used last are kept.
 */
#define SHELF_KEPT  40
#define SHELF_BYTES ((size_t)256 * 1024 * 1024) /* of one file */

/* The name for `key`; ST_LIMIT when it does not fit. */
NODISCARD enum status shelf_name(const char *base, uint64_t key, char *dst,
				 size_t room);

/*
 * For reading: a plain file that is ours (or root's) and that nobody else may
 * write; -1 when it is not, or not there.
 */
int shelf_open(const char *name, size_t *size);

/* Beside the file, then renamed over it: a reader sees the old or the new. */
bool shelf_write(const char *name, const struct span *parts, size_t count);

/* It is in use: others go before it. */
void shelf_touch(const char *name);

/* Remove all but the `keep` that were used last. */
void shelf_tidy(const char *base, size_t keep);

#endif
