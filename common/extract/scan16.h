#ifndef EXTRACT_SCAN16_H
#define EXTRACT_SCAN16_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/*
 * scan16: the next byte that means something, 16 at a time. A function of
 * SCAN() gives the end when there is none, and reads nothing behind it.
 */

#if defined(__SSE2__)
#define SCAN_STEP 16

static inline __m128i
scan_eq(__m128i v, char c)
{
	return _mm_cmpeq_epi8(v, _mm_set1_epi8(c));
}

/* Bytes of at most `most`. */
static inline __m128i
scan_below(__m128i v, char most)
{
	return _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(most)), v);
}

static inline __m128i
scan_load(const uint8_t *p)
{
	__m128i v;

	memcpy(&v, p, sizeof(v));
	return v;
}

#define SCAN(is_vector, is_byte)                                               \
	for (; end - p >= SCAN_STEP; p += SCAN_STEP) {                         \
		__m128i v = scan_load(p);                                      \
		unsigned m = (unsigned)_mm_movemask_epi8(is_vector);           \
                                                                               \
		if (m != 0)                                                    \
			return p + __builtin_ctz(m);                           \
	}                                                                      \
	while (p < end && !(is_byte))                                          \
		p++;                                                           \
	return p

/* The same where it is mostly further away: first two steps at a time. */
#define SCAN_FAR(is_vector, is_byte)                                           \
	for (; end - p >= 2 * SCAN_STEP; p += 2 * SCAN_STEP) {                 \
		unsigned m[2];                                                 \
                                                                               \
		for (unsigned i = 0; i < 2; i++) {                             \
			__m128i v = scan_load(p + i * SCAN_STEP);              \
                                                                               \
			m[i] = (unsigned)_mm_movemask_epi8(is_vector);         \
		}                                                              \
		m[0] |= m[1] << SCAN_STEP;                                     \
		if (m[0] != 0)                                                 \
			return p + __builtin_ctz(m[0]);                        \
	}                                                                      \
	SCAN(is_vector, is_byte)
#else
#define SCAN(is_vector, is_byte)                                               \
	while (p < end && !(is_byte))                                          \
		p++;                                                           \
	return p
#define SCAN_FAR(is_vector, is_byte) SCAN(is_vector, is_byte)
#endif

#endif
