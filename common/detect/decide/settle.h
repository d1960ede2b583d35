#ifndef DETECT_DECIDE_SETTLE_H
#define DETECT_DECIDE_SETTLE_H

#include "detect/work.h"

/*
 * settle: from candidates to matches, one winner a stretch.
 *
 * A candidate loses to each better one that it shares bytes with, whatever
 * becomes of that one: so a decision needs no more than its surroundings. Of a
 * long candidate only the first WORK_REACH bytes count here.
 * Better is: the higher score, then the longer, then the earlier.
 */

/*
 * Decides all that start before `limit` and sends those that start in
 * [s->from, s->to), in order. Candidates before `limit` must all be collected,
 * and those up to WORK_REACH behind it. What no later decision needs is let go.
 */
void settle(struct detect_scratch *s, size_t limit, detect_sink *sink,
	    void *arg);

#endif
