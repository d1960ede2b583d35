#ifndef EXTRACT_AGAIN_H
#define EXTRACT_AGAIN_H

#include "extract/base64.h"
#include "extract/escape.h"
#include "extract/runs.h"
#include "extract/spot.h"

/*
 * again: text once more, where it holds encodings: percent-encoding, quoted-
 * printable, base64, runs of wide characters. Each reads on from window to
 * window, so that what comes out is the same however the text is cut.
 */
struct again {
	struct escapes escapes[2];
	struct base64 base64;
	struct runs runs;
	uint64_t at; /* offset in the text of the next window's own bytes */
	bool fresh;  /* nothing was looked for in this text */
};

/* The blocks of a window in which something begins. */
#define AGAIN_BLOCKS 128
struct again_blocks {
	size_t n; /* above AGAIN_BLOCKS: look again */
	struct spot_block blocks[AGAIN_BLOCKS];
};

struct again *again_new(void);
void again_free(struct again *a);

void again_begin(struct again *a); /* another text */
/* Something begins in this block. */
bool again_wants(struct span text, const struct spot_block *b);
/* A window of text, which the sink has seen, and the blocks that are wanted. */
NODISCARD enum status again_window(struct extractor *x, struct view_text *t,
				   const struct again_blocks *wanted);
NODISCARD enum status again_end(struct extractor *x);

#endif
