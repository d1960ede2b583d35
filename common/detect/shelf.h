#ifndef DETECT_SHELF_H
#define DETECT_SHELF_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/*
 * shelf: files of compiled patterns beside each other, one for each choice of
 * patterns: BASE-KEY. Those that were used last are kept.
 */
#define SHELF_KEPT 16

/* The name for `key`; ST_LIMIT when it does not fit. */
NODISCARD enum status shelf_name(const char *base, uint64_t key, char *dst,
				 size_t room);

/* It is in use: others go before it. */
void shelf_touch(const char *name);

/* Remove all but the SHELF_KEPT that were used last. */
void shelf_tidy(const char *base);

#endif
