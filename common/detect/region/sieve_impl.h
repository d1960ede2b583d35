#ifndef DETECT_REGION_SIEVE_IMPL_H
#define DETECT_REGION_SIEVE_IMPL_H

#include <stdint.h>

#include "detect/region/sieve.h"

/* sieve_impl: runs by vectors. */
#define SIEVE_WORDS 8 /* of 64 bytes, a block */
#define SIEVE_BLOCK (SIEVE_WORDS * (size_t)64)

/* A bit a byte: ends of runs of 1, 2, 4 ... of the block before. */
struct sieve_trail {
	uint64_t narrow[4][SIEVE_WORDS], wide[5][SIEVE_WORDS];
	uint64_t digit[5][SIEVE_WORDS];
};

#if defined(__x86_64__)
/*
 * Bits where the last byte of a run is, of the block at text.ptr + at. Zeros
 * stand behind the text. False when there is none.
 */
bool sieve_avx2(struct span text, size_t at, struct sieve_trail *t,
		uint64_t ends[SIEVE_WORDS]);
bool sieve_avx512(struct span text, size_t at, struct sieve_trail *t,
		  uint64_t ends[SIEVE_WORDS]);
#endif

#endif
