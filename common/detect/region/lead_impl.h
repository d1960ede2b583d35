#ifndef DETECT_REGION_LEAD_IMPL_H
#define DETECT_REGION_LEAD_IMPL_H

#include "detect/region/lead_table.h"

/* lead_impl: beginnings of words, by vectors. */
#define LEAD_BLOCK ((size_t)64)
#define LEAD_AHEAD 8 /* bytes behind a block that are read as well */

/* Of the block before, in the lowest bits. */
struct lead_trail {
	uint64_t letter, small, slash;
};

#define LEAD_FACTOR UINT32_C(0x9e3779b1)

static inline uint32_t
lead_hash(uint32_t four)
{
	return (four & UINT32_C(0x1f1f1f1f)) * LEAD_FACTOR >> (32 - LEAD_BITS);
}

/* How many hashes there are below it. */
static inline uint32_t
lead_rank(const struct lead_table *t, uint32_t h)
{
	uint64_t below = t->bits[h / 64] & ((UINT64_C(1) << (h % 64)) - 1);

	return t->below[h / 64] + (uint32_t)__builtin_popcountll(below);
}

#if defined(__x86_64__)
#define LEAD_CHUNK (32 * LEAD_BLOCK)

/*
 * Places where a lead may begin, in order, and the lead_rank() of each. They
 * are written further on than a count of them says.
 */
struct lead_words {
	uint16_t at[LEAD_CHUNK + 64];
	uint32_t rank[LEAD_CHUNK + 1];
};

/*
 * Of p[0, 64 * blocks), at most LEAD_CHUNK bytes; LEAD_AHEAD bytes behind can
 * be read.
 */
size_t lead_words_avx2(const struct lead_table *table, const uint8_t *p,
		       size_t blocks, struct lead_trail *t,
		       struct lead_words *out);
size_t lead_words_avx512(const struct lead_table *table, const uint8_t *p,
			 size_t blocks, struct lead_trail *t,
			 struct lead_words *out);
/* Which level's runs: not every processor with AVX-512 can. */
bool lead_avx512_runs(void);
#endif

#endif
