#ifndef EXTRACT_SPOT_H
#define EXTRACT_SPOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * spot: the look that all text gets before anything is decoded: where may an
 * encoding begin? Plain text has no such place and is not looked at again.
 *
 * Text is judged in blocks of SPOT_BLOCK bytes from its beginning.
 */
#define SPOT_BLOCK    64
#define SPOT_RUN_MIN  22 /* 24 characters of base64 less the padding */
#define SPOT_BATCH    64
#define SPOT_WIDE_MIN 6

enum spot {
	SPOT_HIGH = 1,   /* a byte of 0x80 and above */
	SPOT_ESCAPE = 2, /* % or = */
	/* here end SPOT_RUN_MIN bytes in a row of A-Z a-z 0-9 + / - _ */
	SPOT_RUN = 4,
	/*
	 * Zero bytes stand among others as in text of two or four bytes a
	 * character: of SPOT_WIDE_MIN such characters some block shows it.
	 */
	SPOT_WIDE = 8,
};

#define SPOT_TRAIL 5

/* What a block leaves behind: where runs of 1, 2, 4, 8 and 16 ended. */
struct spot_trail {
	uint64_t ends[SPOT_TRAIL];
};

/* The next blocks with a spot; spot_begin() makes it ready. */
struct spots {
	struct span text;
	size_t at; /* looked at so far, whole blocks but for the last */
	struct spot_trail trail;
	size_t n;
	struct spot_block {
		size_t at;
		/* a bit a byte of the block: % and =, ends of runs */
		uint64_t escapes, runs;
		unsigned kinds; /* of enum spot */
	} found[SPOT_BATCH];
};

/* From the block of text[at] on. */
void spot_begin(struct spots *s, struct span text, size_t at);

/* Finds the next up to SPOT_BATCH; false when there are no more. */
typedef bool spot_next(struct spots *s);

/* The fastest that this processor has; all give the same. */
spot_next *spot_best(void);

/* For tests: one after the other, NULL at the end. */
spot_next *spot_version(unsigned i);

#endif
