#ifndef DETECT_LEAD_IMPL_H
#define DETECT_LEAD_IMPL_H

#include "detect/lead_table.h"

/* lead_impl: beginnings of words, by vectors. */
#define LEAD_BLOCK ((size_t)64)
#define LEAD_AHEAD 4 /* bytes behind a block that are read as well */

/* Of the block before, in the lowest bits. */
struct lead_trail {
	uint64_t letter, small, slash;
};

static inline uint32_t
lead_hash(uint32_t four)
{
	return (four & UINT32_C(0x1f1f1f1f)) * UINT32_C(0x9e3779b1) >>
	       (32 - LEAD_BITS);
}

#if defined(__x86_64__)
/*
 * Places in p[0, 64 * blocks) where a lead may begin, in order; at most so many
 * as bytes. LEAD_AHEAD bytes behind can be read.
 */
size_t lead_words_avx2(const uint64_t *bits, const uint8_t *p, size_t blocks,
		       struct lead_trail *t, uint32_t *out);
size_t lead_words_avx512(const uint64_t *bits, const uint8_t *p, size_t blocks,
			 struct lead_trail *t, uint32_t *out);
#endif

#endif
