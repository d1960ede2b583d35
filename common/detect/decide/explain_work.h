#ifndef DETECT_DECIDE_EXPLAIN_WORK_H
#define DETECT_DECIDE_EXPLAIN_WORK_H

#include "detect/decide/explain.h"
#include "detect/work.h"

/*
 * explain_work: what the tokens tell an observer. Each call costs one look at a
 * pointer when there is none.
 */
#define EXPLAIN_ANY UINT16_MAX /* type: whichever has that shape */

static inline bool
explains(const struct detect_scratch *s)
{
	return __builtin_expect(s->explain != NULL, 0);
}

/* Only start, end and type of `at` are looked at. */
void explain_refuse(struct detect_scratch *s, const struct candidate *at,
		    enum explain_what what);
void explain_claim(struct detect_scratch *s, const struct candidate *at,
		   const struct verdict *v);
/* Which check it was; form NULL: of the type alone. */
void explain_checks(struct detect_scratch *s, const struct candidate *at,
		    struct span value, const struct form *form);

#endif
