#include "extract/mail/quartets.h"

#include <string.h>

#define X QUARTETS_NONE

static const uint8_t digits64[256] = {
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  62, X,  62, X,  63, 52, 53, 54, 55, 56, 57, 58, 59, 60,
    61, X,  X,  X,  X,  X,  X,  X,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
    11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, X,  X,  X,  X,
    63, X,  26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42,
    43, 44, 45, 46, 47, 48, 49, 50, 51, X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,
};

#undef X

uint8_t
quartets_digit(uint8_t c)
{
	return digits64[c];
}

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2   __attribute__((target("avx2")))
#define INLINE static inline __attribute__((always_inline))
#define STEP   32 /* digits that are looked at together */

/* The same in both halves of a vector. */
AVX2 INLINE __m256i
twice(__m128i v)
{
	return _mm256_broadcastsi128_si256(v);
}

/* Those of the second alphabet as those of the first. */
AVX2 INLINE __m256i
one_alphabet(__m256i v)
{
	__m256i minus = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('-'));
	__m256i under = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('_'));

	v = _mm256_blendv_epi8(v, _mm256_set1_epi8('+'), minus);
	return _mm256_blendv_epi8(v, _mm256_set1_epi8('/'), under);
}

/* Each half of a byte says which characters it may be half of. */
AVX2 INLINE bool
all_digits(__m256i v, __m256i high)
{
	const __m256i by_low = twice(
	    _mm_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
			  0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a));
	const __m256i by_high = twice(
	    _mm_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10,
			  0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10));
	__m256i low = _mm256_and_si256(v, _mm256_set1_epi8(0x0f));

	return _mm256_testz_si256(_mm256_shuffle_epi8(by_low, low),
				  _mm256_shuffle_epi8(by_high, high));
}

/* What they are worth: how far each is from it depends on its upper half. */
AVX2 INLINE __m256i
worth(__m256i v, __m256i high)
{
	const __m256i off = twice(_mm_setr_epi8(0, 16, 19, 4, -65, -65, -71,
						-71, 0, 0, 0, 0, 0, 0, 0, 0));
	__m256i slash = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('/'));

	return _mm256_add_epi8(
	    v, _mm256_shuffle_epi8(off, _mm256_add_epi8(high, slash)));
}

/* Four of six bits into three of eight, and those next to one another. */
AVX2 INLINE __m256i
packed(__m256i v)
{
	const __m256i order = twice(_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8,
						  14, 13, 12, -1, -1, -1, -1));

	v = _mm256_maddubs_epi16(v, _mm256_set1_epi32(0x01400140));
	v = _mm256_madd_epi16(v, _mm256_set1_epi32(0x00011000));
	v = _mm256_shuffle_epi8(v, order);
	return _mm256_permutevar8x32_epi32(
	    v, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
}

/* What is written behind the bytes of a step is within the room of dst. */
AVX2 static size_t
by_vectors(struct span s, uint8_t *dst)
{
	size_t i = 0;

	for (; s.len - i >= STEP; i += STEP, dst += STEP / 4 * 3) {
		__m256i v, high;

		memcpy(&v, s.ptr + i, sizeof(v));
		v = one_alphabet(v);
		high = _mm256_and_si256(_mm256_srli_epi32(v, 4),
					_mm256_set1_epi8(0x0f));
		if (!all_digits(v, high))
			break;
		v = packed(worth(v, high));
		memcpy(dst, &v, sizeof(v));
	}
	return i;
}

static size_t
vectors(struct span s, uint8_t *dst)
{
	return __builtin_cpu_supports("avx2") ? by_vectors(s, dst) : 0;
}
#else
static size_t
vectors(struct span s, uint8_t *dst)
{
	(void)s;
	(void)dst;
	return 0;
}
#endif

size_t
quartets_decode(struct span s, uint8_t *dst)
{
	size_t i = vectors(s, dst);

	for (dst += i / 4 * 3; s.len - i >= 4; i += 4, dst += 3) {
		uint32_t a = digits64[s.ptr[i]], b = digits64[s.ptr[i + 1]],
			 c = digits64[s.ptr[i + 2]], d = digits64[s.ptr[i + 3]];

		if ((a | b | c | d) & QUARTETS_NONE)
			break;
		a = a << 18 | b << 12 | c << 6 | d;
		dst[0] = (uint8_t)(a >> 16);
		dst[1] = (uint8_t)(a >> 8);
		dst[2] = (uint8_t)a;
	}
	return i;
}
