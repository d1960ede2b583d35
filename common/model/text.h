#ifndef MODEL_TEXT_H
#define MODEL_TEXT_H

#include <stdint.h>

#include "base/span.h"

/*
 * text: a piece of what the extractors read, as detectors see it.
 *
 * Owner: spans borrow from whoever made or decoded it.
 */
#define TEXT_PIECE (128 * 1024) /* bytes of one piece */

struct text {
	struct span place; /* parts joined by " → "; empty: the object's own */
	struct span bytes; /* mostly UTF-8 */
	uint64_t offset;   /* of its first byte, in that place */
	uint8_t again;     /* 1: decoded out of text that came before */
};

#endif
