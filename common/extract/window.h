#ifndef EXTRACT_WINDOW_H
#define EXTRACT_WINDOW_H

#include <stdbool.h>
#include <stddef.h>

#include "extract/again.h"
#include "extract/job.h"
#include "extract/origin.h"

/*
 * window: the last step of all text on its way to the sink. Characters are
 * folded where that is needed, encodings are decoded behind it; text that needs
 * nothing goes out as it is.
 */

/*
 * Folded characters had at most three bytes: with so many bytes of text a
 * window keeps its promise about LEAD and TAIL.
 */
#define WINDOW_LEAD (3 * (size_t)EXTRACT_LEAD)
#define WINDOW_TAIL (3 * (size_t)EXTRACT_TAIL)

/* What one look at a text shows. */
struct window_look {
	bool folds; /* something in it is folded */
	struct again_blocks again;
};

void window_look(const struct extractor *x, struct span text,
		 struct window_look *look);

/* Around the windows of a text, in order. */
NODISCARD enum status window_begin(struct extractor *x);
/*
 * Text, from, to and origin are the caller's; text that folds has at most
 * EXTRACT_WINDOW bytes. What is decoded in it follows.
 */
NODISCARD enum status window_give(struct extractor *x, struct extract_window *w,
				  const struct window_look *look);
NODISCARD enum status window_end(struct extractor *x);

/* For views: text that was decoded; and room to fold it in. */
NODISCARD enum status window_again(struct extractor *x, struct span text,
				   size_t from, size_t to,
				   const struct text_origin *origin);
bool window_room(struct extractor *x);

#endif
