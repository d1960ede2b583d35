#ifndef EXTRACT_TEXT_H
#define EXTRACT_TEXT_H

#include "extract/job.h"
#include "extract/sniff.h"

/*
 * text: a part read as text. Bytes go out as they are, without a copy where
 * that is possible; UTF-16 and UTF-32 go out as UTF-8 with a map back.
 */
NODISCARD enum status text_part(struct extractor *x, struct part *p,
				enum sniff encoding);

/* As they are, n bytes from the part's position on (UINT64_MAX: all). */
NODISCARD enum status text_bytes(struct extractor *x, struct part *p,
				 uint64_t n);

#endif
