#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * table: keys to pointers by hashing (SipHash-1-3 under a random seed, so that
 * nobody outside can choose keys that collide). Numbers and bytes may both be
 * keys; the number 7 and the bytes "7" are different keys.
 *
 * Owner:  keys are copied (with table_open_lent() they stay where they are and
 *         outlive the table), values are the caller's and never freed here.
 * Limits: at most `cap` entries, then ST_LIMIT.
 */
struct table;

NODISCARD enum status table_open(size_t cap, struct table **out);
NODISCARD enum status table_open_lent(size_t cap, struct table **out);
void table_close(struct table *t); /* takes NULL */

size_t table_count(const struct table *t);

/* NULL when the key is not there; a value is never NULL. */
void *table_find(const struct table *t, struct span key);
void *table_find_u64(const struct table *t, uint64_t key);

/* Puts or replaces. */
NODISCARD enum status table_put(struct table *t, struct span key, void *value);
NODISCARD enum status table_put_u64(struct table *t, uint64_t key, void *value);

/* Puts unless the key is there; *out is the value that it has then. */
NODISCARD enum status table_add(struct table *t, struct span key, void *value,
				void **out);

/* The value that was taken out, NULL when the key was not there. */
void *table_take(struct table *t, struct span key);
void *table_take_u64(struct table *t, uint64_t key);

/*
 * Walk: start with *at = 0; NULL at the end. The table must not change on the
 * way, but the entry just given may be taken out. key may be NULL; of a number
 * it is its 8 bytes, little endian.
 */
void *table_next(const struct table *t, size_t *at, struct span *key);

#endif
