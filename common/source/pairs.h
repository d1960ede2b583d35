#ifndef SOURCE_PAIRS_H
#define SOURCE_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * pairs: a list of names and values in one stretch of bytes: the credential of
 * a target, its options. Each is a name, NUL, the length of the value (u32,
 * little endian) and its bytes.
 *
 * Owner:  spans borrow; the bytes are whoever's made them, for a credential
 *         those of a vault.
 * Limits: PAIRS_MAX bytes; a name has 1 to PAIRS_NAME_MAX bytes.
 */
#define PAIRS_MAX      (64 * 1024)
#define PAIRS_NAME_MAX 64

struct pairs {
	struct span bytes; /* as pairs_check() found them sound, or empty */
};

/* Behind the *len bytes at to; ST_LIMIT when it does not fit into room. */
NODISCARD enum status pairs_add(uint8_t *to, size_t room, size_t *len,
				struct span name, struct span value);

/* Takes the first one off; false at the end, or where they are not sound. */
bool pairs_next(struct pairs *w, struct span *name, struct span *value);

/* The value of the first with that name; ptr is NULL when there is none. */
struct span pairs_find(struct pairs w, const char *name);

/* The same as a C string; ST_NOTFOUND, or as str_copy() has it. */
NODISCARD enum status pairs_copy(struct pairs w, const char *name, char *dst,
				 size_t room);

/* Those that stand in front of zeros, as in a vault that is larger. */
struct pairs pairs_before_zeros(struct span bytes);

/* Whether they are sound from the first to the last byte. */
bool pairs_check(struct span bytes);

#endif
