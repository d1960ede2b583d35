#ifndef DETECT_TILE_LOADS_X86_H
#define DETECT_TILE_LOADS_X86_H

#if defined(__x86_64__)

#include "detect/tile/bits_x86.h"

/*
 * loads_x86: small things from many places, a load each: on Zen 5 it takes half
 * as long as the instructions that gather.
 */
#define LOADS_INLINE static inline __attribute__((always_inline))

LOADS_INLINE __m128i
load_two(const uint8_t *p, uint64_t low, uint64_t high)
{
	const void *a = p + low, *b = p + high;

	return _mm_unpacklo_epi64(_mm_loadl_epi64(a), _mm_loadl_epi64(b));
}

/* Eight bytes at each of four places. */
BITS_AVX2 LOADS_INLINE __m256i
load_four_eights(const uint8_t *p, __m256i at)
{
	uint64_t i[4];

	_mm256_storeu_si256((void *)i, at);
	return _mm256_set_m128i(load_two(p, i[2], i[3]),
				load_two(p, i[0], i[1]));
}

/* One byte at each of four. */
BITS_AVX2 LOADS_INLINE __m256i
load_four_bytes(const uint8_t *p, __m256i at)
{
	uint64_t i[4];

	_mm256_storeu_si256((void *)i, at);
	return _mm256_setr_epi64x(p[i[0]], p[i[1]], p[i[2]], p[i[3]]);
}

/* Eight bytes at each of eight. */
BITS_AVX512 LOADS_INLINE __m512i
load_eights(const uint8_t *p, __m512i at)
{
	__m256i low, high;
	uint64_t i[8];

	_mm512_storeu_si512(i, at);
	low =
	    _mm256_set_m128i(load_two(p, i[2], i[3]), load_two(p, i[0], i[1]));
	high =
	    _mm256_set_m128i(load_two(p, i[6], i[7]), load_two(p, i[4], i[5]));
	return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

/* One byte at each of eight. */
BITS_AVX512 LOADS_INLINE __m256i
load_bytes(const uint8_t *p, __m512i at)
{
	uint64_t i[8];
	__m128i v;

	_mm512_storeu_si512(i, at);
	v = _mm_cvtsi32_si128(p[i[0]]);
	v = _mm_insert_epi8(v, p[i[1]], 1);
	v = _mm_insert_epi8(v, p[i[2]], 2);
	v = _mm_insert_epi8(v, p[i[3]], 3);
	v = _mm_insert_epi8(v, p[i[4]], 4);
	v = _mm_insert_epi8(v, p[i[5]], 5);
	v = _mm_insert_epi8(v, p[i[6]], 6);
	v = _mm_insert_epi8(v, p[i[7]], 7);
	return _mm256_cvtepu8_epi32(v);
}

#endif

#endif
