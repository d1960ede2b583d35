#ifndef DETECT_CATALOGUE_CLASS_H
#define DETECT_CATALOGUE_CLASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * class: a set of bytes, and how many of them may stand in a row, written as
 * in an expression: "[A-Za-z0-9_-]{20,64}".
 */
struct class_set {
	uint64_t bits[4];
};

struct class_run {
	struct class_set set;
	uint32_t min, max;
};

#define CLASS_RUN_MAX 16000

static inline bool
class_has(const struct class_set *s, uint8_t c)
{
	return (s->bits[c >> 6] >> (c & 63) & 1) != 0;
}

static inline void
class_add(struct class_set *s, uint8_t c)
{
	s->bits[c >> 6] |= UINT64_C(1) << (c & 63);
}

/*
 * "[...]" with ranges and \t \n \r \\ \] \- \xNN, then {n}, {n,m} or nothing,
 * which is {1}. False when it is not of that form or n > m or m >
 * CLASS_RUN_MAX.
 */
bool class_parse(struct span text, struct class_run *out);

/* Bytes of the set from `at` on, at most max. */
size_t class_forward(const struct class_set *s, struct span text, size_t at,
		     size_t max);
/* Bytes of the set right before `at`, at most max. */
size_t class_backward(const struct class_set *s, struct span text, size_t at,
		      size_t max);

#endif
