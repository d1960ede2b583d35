#ifndef DETECT_ID_WORDS_H
#define DETECT_ID_WORDS_H

#include "detect/id/index.h"

/* id_words: from a word to the types of ids that it speaks for. */
NODISCARD enum status id_words_build(const struct catalogue *c, struct arena *a,
				     struct id_index *out);

#endif
