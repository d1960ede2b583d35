#ifndef EXTRACT_WINDOW_H
#define EXTRACT_WINDOW_H

#include <stdbool.h>
#include <stddef.h>

#include "extract/job.h"
#include "extract/origin.h"

/*
 * window: the last step of all text on its way to the sink. Characters are
 * folded where that is needed; text that needs nothing goes out as it is.
 */

/* Something in the text is folded. */
bool window_folds(const struct extractor *x, struct span text);

/* Text that folds has at most EXTRACT_WINDOW bytes. */
NODISCARD enum status window_give(struct extractor *x, struct span text,
				  size_t from, size_t to,
				  const struct text_origin *origin, bool folds);

#endif
