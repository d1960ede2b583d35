#ifndef DETECT_DECIDE_EXPLAIN_H
#define DETECT_DECIDE_EXPLAIN_H

#include "detect/detect.h"

/*
 * explain: what a detector thinks of each stretch that has the shape of a type,
 * told to an observer: claims with their score, and refusals.
 *
 * It is for a detector of one type that is opened with min_confidence 1, for
 * then nothing is passed over because it could not reach the score. A scan has
 * no observer and pays nothing for it.
 */
enum explain_what {
	EXPLAIN_CLAIM,     /* score and reasons count */
	EXPLAIN_TOUCHED,   /* a letter, digit or _ touches it */
	EXPLAIN_FRACTION,  /* it is part of a decimal number */
	EXPLAIN_PREFIX,    /* its first digits are not among the prefixes */
	EXPLAIN_CHECK,     /* a check fails: `check` names it */
	EXPLAIN_STRUCTURE, /* what must be of a known form is not */
};

struct explain {
	enum explain_what what;
	const char *type; /* NULL: whichever has that shape */
	size_t start, end;
	int score; /* may be below 0 or above 100 */
	uint64_t reasons;
	const char *check;
};
typedef void explain_fn(void *arg, const struct explain *e);

/* fn NULL: nobody is told any more. */
void explain_to(struct detect_scratch *s, explain_fn *fn, void *arg);

/* A sentence without an end: "a letter or digit touches it". */
const char *explain_text(enum explain_what what);

#endif
