#ifndef EXTRACT_DATA_SIGNS_H
#define EXTRACT_DATA_SIGNS_H

#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/*
 * signs: where a sign stands in SIGNS_BLOCK bytes, one bit each, the first byte
 * in the lowest. What follows text asks for few signs of many bytes.
 */
#define SIGNS_BLOCK 64

#if defined(__SSE2__)

static inline uint64_t
signs_of(const uint8_t *p, uint8_t sign)
{
	__m128i wanted = _mm_set1_epi8((char)sign);
	uint64_t all = 0;

	for (unsigned i = 0; i < SIGNS_BLOCK; i += 16) {
		__m128i v = _mm_loadu_si128((const void *)(p + i));
		__m128i is = _mm_cmpeq_epi8(v, wanted);

		all |= (uint64_t)(uint32_t)_mm_movemask_epi8(is) << i;
	}
	return all;
}

#else

static inline uint64_t
signs_of(const uint8_t *p, uint8_t sign)
{
	uint64_t all = 0;

	for (unsigned i = 0; i < SIGNS_BLOCK; i++)
		all |= (uint64_t)(p[i] == sign) << i;
	return all;
}

#endif

/* How many of n bytes are a sign. */
static inline size_t
signs_count(const uint8_t *p, size_t n, uint8_t sign)
{
	size_t at = 0, count = 0;

	for (; n - at >= SIGNS_BLOCK; at += SIGNS_BLOCK)
		count += (size_t)__builtin_popcountll(signs_of(p + at, sign));
	for (; at < n; at++)
		count += p[at] == sign;
	return count;
}

/* Each bit: the bits up to it, itself among them, are odd in number. */
static inline uint64_t
signs_parity(uint64_t m)
{
	for (unsigned by = 1; by < 64; by *= 2)
		m ^= m << by;
	return m;
}

#endif
