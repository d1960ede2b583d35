#ifndef DETECT_DECIDE_EXCERPT_H
#define DETECT_DECIDE_EXCERPT_H

#include "detect/work.h"

/*
 * excerpt: the surroundings of a match on one line, every value in it masked.
 *
 * Masked are the match itself, each other candidate, any run of nine digits or
 * more however it is grouped, and any long run of letters and digits. What the
 * edges would cut is masked as a whole.
 * Limits: EXCERPT_MAX bytes of UTF-8; bytes that are not UTF-8 are taken as
 * Latin-1.
 */
#define EXCERPT_MAX    256
#define EXCERPT_BEFORE 72 /* bytes of text looked at on each side */
#define EXCERPT_AFTER  60

/*
 * Of s->cand[index], with s->cand[first] the first that may reach into it; all
 * in order of offset. Into s->context, good until the next call.
 */
struct span excerpt(struct detect_scratch *s, size_t first, size_t index);

#endif
