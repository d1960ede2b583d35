#ifndef EXTRACT_OLE_LZFU_H
#define EXTRACT_OLE_LZFU_H

#include <stdbool.h>

#include "extract/job.h"

/*
 * lzfu: rich text as Outlook packs it ([MS-OXRTFCP]). lzfu_begin() reads the
 * head of what lies in `from`; false: it is none. lzfu_read() is a part's read:
 * ST_CLOSED when it ends early.
 */
#define LZFU_WINDOW 4096

struct lzfu {
	struct part *from;
	uint64_t left; /* bytes it still promises */
	bool plain;    /* not packed */
	bool end;
	uint8_t window[LZFU_WINDOW];
	unsigned at;             /* in the window */
	unsigned flags, bits;    /* what follows is of which kind */
	unsigned copy, length;   /* a piece of the window that is being given */
	uint8_t input[PART_BUF]; /* for who has no buffer */
};

bool lzfu_begin(struct lzfu *z, struct part *from);
enum status lzfu_read(void *arg, void *dst, size_t n, size_t *got);

/* What it unpacks to as a member; as it stands when it is not packed so. */
NODISCARD enum status lzfu_member(struct extractor *x, struct part *packed,
				  struct span name);

#endif
