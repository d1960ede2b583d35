#ifndef DETECT_CHECK_H
#define DETECT_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * check: the validators by name, which a catalogue file combines into a chain.
 *
 * A check looks at the normalised value and nothing else. schema/catalogue/
 * README.md lists them with their parameters for people.
 */

/* Parameters that a check may take, by name in the file. */
#define CHECK_PARAM_TABLE(X)                                                   \
	X(PARAM_SKIP, "skip")           /* leading bytes to leave out */       \
	X(PARAM_PART, "part")           /* dot-separated part, from 1 */       \
	X(PARAM_MIN, "min")             /* smallest count */                   \
	X(PARAM_MAX, "max")             /* largest count */                    \
	X(PARAM_CENTIBITS, "centibits") /* entropy a character, times 100 */   \
	X(PARAM_TEXT, "text")           /* a word the check needs */

enum check_param {
#define CHECK_PARAM_ENUM(code, name) code,
	CHECK_PARAM_TABLE(CHECK_PARAM_ENUM)
#undef CHECK_PARAM_ENUM
	    PARAM__COUNT
};

struct check_args {
	uint32_t number[PARAM__COUNT]; /* of PARAM_TEXT: unused */
	const char *text;
};

typedef bool check_fn(struct span value, const struct check_args *a);

struct check_op {
	const char *name;
	check_fn *run;
	uint64_t reason; /* REASON() bits when it holds */
	uint32_t wants;  /* 1 << PARAM_x of those it must be given */
	uint32_t may;    /* and of those it may */
};

/* One link of a chain. */
struct check {
	const struct check_op *op;
	struct check_args args;
	/*
	 * 0: a value that fails is none. Above: it stays, and gets so many
	 * points when it passes.
	 */
	uint8_t bonus;
};

/* NULL when there is none of that name. */
const struct check_op *check_find(struct span name);

/* The i-th of the table, NULL behind the last: for lists and tests. */
const struct check_op *check_at(size_t i);

const char *check_param_name(enum check_param p);

#endif
