#ifndef MODEL_NOTE_H
#define MODEL_NOTE_H

#include <stdint.h>

#include "base/span.h"

/*
 * note: one place inside an object that was not fully read: a line of the
 * coverage ledger below its object's.
 *
 * Owner: spans borrow from whoever made or decoded it.
 */
#define NOTE_MAX        256 /* of one object; the others are only counted */
#define NOTE_DETAIL_MAX 512 /* bytes of further words */
#define NOTE_PARSER_MAX 32  /* bytes of a parser's name */

struct note {
	struct span place;  /* parts joined by " → "; empty: all of it */
	struct span parser; /* who met it: "zip" */
	struct span detail; /* "method 98", or empty */
	uint8_t reason;     /* enum cover_reason */
};

#endif
