#ifndef DETECT_TILE_BITS_X86_H
#define DETECT_TILE_BITS_X86_H

#if defined(__x86_64__)

#include <immintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * bits_x86: the places of the bits of a mask that are set, from `base` on; how
 * many there are. Up to 64 places are written whatever their number.
 */
#define BITS_AVX2 __attribute__((target("avx2,bmi,popcnt")))
#define BITS_AVX512                                                            \
	__attribute__((target("avx512bw,avx512dq,avx512vl,avx512vbmi2,bmi,"    \
			      "popcnt")))

/* By fours: how many bits a mask has is anybody's guess. */
BITS_AVX2 static inline __attribute__((always_inline)) size_t
bits_avx2(uint16_t *to, uint64_t bits, size_t base)
{
	size_t n = (size_t)__builtin_popcountll(bits);

	while (bits != 0) {
		for (unsigned i = 0; i < 4; i++) {
			*to++ = (uint16_t)(base + _tzcnt_u64(bits));
			bits = _blsr_u64(bits);
		}
	}
	return n;
}

BITS_AVX512 static inline __attribute__((always_inline)) size_t
bits_avx512(uint16_t *to, uint64_t bits, size_t base)
{
	const __m512i places = _mm512_set_epi8(
	    63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47,
	    46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30,
	    29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13,
	    12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
	__m512i from = _mm512_set1_epi16((short)base);
	__m512i set = _mm512_maskz_compress_epi8(bits, places);
	__m256i low = _mm512_castsi512_si256(set);
	size_t n = (size_t)_mm_popcnt_u64(bits);

	_mm512_storeu_si512(to,
			    _mm512_add_epi16(from, _mm512_cvtepu8_epi16(low)));
	if (n > 32)
		_mm512_storeu_si512(
		    to + 32, _mm512_add_epi16(
				 from, _mm512_cvtepu8_epi16(
					   _mm512_extracti64x4_epi64(set, 1))));
	return n;
}

/* Whether this processor has what the second one wants. */
static inline bool
bits_avx512_runs(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512dq") &&
	       __builtin_cpu_supports("avx512vl") &&
	       __builtin_cpu_supports("avx512vbmi2");
}

#endif

#endif
