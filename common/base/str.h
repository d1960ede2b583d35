#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * str: reading words and numbers out of spans. Nothing is copied or kept.
 *
 * The readers of numbers want the whole span to be the number: no space around
 * it, no sign where none is meant. ST_MALFORMED when it is no number, ST_LIMIT
 * when it lies outside low..high (or 64 bits); *out is then untouched.
 */
NODISCARD enum status str_to_u64(struct span s, uint64_t low, uint64_t high,
				 uint64_t *out);
NODISCARD enum status str_to_i64(struct span s, int64_t low, int64_t high,
				 int64_t *out);

/* 1 to 16 hexadecimal digits, either case, without 0x. */
NODISCARD enum status str_to_hex(struct span s, uint64_t *out);

/* Bytes: "4096", "64k", "10M", "1GiB", "2 TB"; every step is 1,024. */
NODISCARD enum status str_to_size(struct span s, uint64_t *bytes);

/* Milliseconds: "250ms", "30s", "5m", "2h", "7d"; a bare number is seconds. */
NODISCARD enum status str_to_duration(struct span s, uint64_t *ms);

/* true/false, yes/no, on/off, 1/0. */
NODISCARD enum status str_to_bool(struct span s, bool *out);

/* Without spaces, tabs, CR and LF at both ends. */
struct span str_trim(struct span s);

/*
 * Split: takes the part before the next sep off *rest and gives true; false
 * when nothing is left. "a,,b" has three parts, "" has none, "a," has two.
 */
bool str_next(struct span *rest, uint8_t sep, struct span *part);

/* One of the words of a list, which has a blank between any two. */
bool str_listed(const char *list, struct span word);

/* Bytewise: below, 0 or above 0; what begins another stands before it. */
int str_order(struct span a, struct span b);

bool str_is(struct span s, const char *word);
bool str_starts(struct span s, const char *head);
bool str_ends(struct span s, const char *tail);

/* Position of the first byte b; s.len when there is none. */
size_t str_find(struct span s, uint8_t b);

/*
 * Into a C string of `room` bytes. ST_LIMIT when it does not fit, ST_MALFORMED
 * when a NUL is inside.
 */
NODISCARD enum status str_copy(char *dst, size_t room, struct span s);

#endif
