#ifndef DETECT_ID_JUDGE_H
#define DETECT_ID_JUDGE_H

#include "detect/id/reading.h"

/*
 * id_judge: whether a stretch whose shape fits is of a type, and how surely:
 * prefix, checks, ends, words, columns, and what other types make of it.
 */

/* Claims r's stretch for the entry when it is; the value is known. */
void id_judge(struct detect_scratch *s, struct reading *r,
	      const struct id_entry *e);

#endif
