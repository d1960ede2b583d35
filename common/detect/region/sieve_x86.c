#include "detect/region/sieve_impl.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#define LANES SIEVE_WORDS
#define BLOCK SIEVE_BLOCK

/* Eight words of a bit a byte; both compilers split it as they must. */
typedef uint64_t lanes __attribute__((vector_size(64)));

/* Of a block: letters, digits, _ and -; these and + /; digits. */
struct classes {
	lanes narrow, wide, digit;
};

#define INLINE static inline __attribute__((always_inline))

/* Each bit where `now` has one n bytes before; n < 64. */
INLINE void
behind(const lanes *now, const lanes *last, unsigned n, lanes *out)
{
	lanes low =
	    __builtin_shufflevector(*last, *now, 7, 8, 9, 10, 11, 12, 13, 14);

	*out = *now << n | low >> (64 - n);
}

/* Bits where a run of twice n ends, of those where a run of n does. */
INLINE void
twice(lanes *m, uint64_t trail[LANES], unsigned n)
{
	lanes moved, last;

	memcpy(&last, trail, sizeof(last));
	memcpy(trail, m, sizeof(last));
	behind(m, &last, n, &moved);
	*m &= moved;
}

/* Bits where the last 2 n bytes have a digit, of those where the last n do. */
INLINE void
either(lanes *m, uint64_t trail[LANES], unsigned n)
{
	lanes moved, last;

	memcpy(&last, trail, sizeof(last));
	memcpy(trail, m, sizeof(last));
	behind(m, &last, n, &moved);
	*m |= moved;
}

INLINE bool
find(const struct classes *c, struct sieve_trail *t, uint64_t ends[LANES])
{
	lanes narrow = c->narrow, wide = c->wide, digit = c->digit, found;
	uint64_t any = 0;

	for (unsigned i = 0; i < 4; i++) {
		twice(&narrow, t->narrow[i], 1U << i);
		either(&digit, t->digit[i], 1U << i);
	}
	found = narrow & digit;
	for (unsigned i = 0; i < 5; i++)
		twice(&wide, t->wide[i], 1U << i);
	either(&digit, t->digit[4], 16);
	found |= wide & digit;
	memcpy(ends, &found, sizeof(found));
	for (unsigned i = 0; i < LANES; i++)
		any |= found[i];
	return any != 0;
}

/* The block at `at`, zeros behind the text. */
INLINE const uint8_t *
block_at(struct span text, size_t at, uint8_t pad[BLOCK])
{
	size_t n = text.len - at;

	if (n >= BLOCK)
		return text.ptr + at;
	memcpy(pad, text.ptr + at, n);
	memset(pad + n, 0, BLOCK - n);
	return pad;
}

__attribute__((target("avx2"))) static inline uint64_t
range_avx2(__m256i x, char low, char span)
{
	__m256i y = _mm256_sub_epi8(x, _mm256_set1_epi8(low));
	__m256i in =
	    _mm256_cmpeq_epi8(_mm256_min_epu8(y, _mm256_set1_epi8(span)), y);

	return (uint64_t)(uint32_t)_mm256_movemask_epi8(in);
}

__attribute__((target("avx2"))) static inline void
classify_avx2(const uint8_t *p, struct classes *c)
{
	memset(c, 0, sizeof(*c));
	for (unsigned q = 0; q < BLOCK; q += 32) {
		const void *v = p + q;
		__m256i x = _mm256_loadu_si256(v);
		__m256i low = _mm256_or_si256(x, _mm256_set1_epi8(32));
		unsigned i = q / 64, at = q % 64;
		uint64_t digit = range_avx2(x, '0', 9);

		c->digit[i] |= digit << at;
		c->narrow[i] |= (digit | range_avx2(low, 'a', 25) |
				 range_avx2(x, '_', 0) | range_avx2(x, '-', 0))
				<< at;
		c->wide[i] |= (range_avx2(x, '+', 0) | range_avx2(x, '/', 0))
			      << at;
	}
	c->wide |= c->narrow;
}

__attribute__((target("avx2"))) bool
sieve_avx2(struct span text, size_t at, struct sieve_trail *t,
	   uint64_t ends[LANES])
{
	struct classes c;
	uint8_t pad[BLOCK];

	classify_avx2(block_at(text, at, pad), &c);
	return find(&c, t, ends);
}

/* Kinds of bytes; a byte is of those that its lower and upper half both have.
 */
enum {
	DIGIT = 1,
	A_TO_O = 2,
	P_TO_Z = 4,
	UNDERSCORE = 8,
	HYPHEN = 16,
	PLUS_SLASH = 32,
	NARROW = DIGIT | A_TO_O | P_TO_Z | UNDERSCORE | HYPHEN
};

/* Of lower halves. */
enum {
	WITH_0 = DIGIT | P_TO_Z,
	TO_9 = DIGIT | A_TO_O | P_TO_Z,
	WITH_A = A_TO_O | P_TO_Z,
	WITH_B = A_TO_O | PLUS_SLASH,
	WITH_D = A_TO_O | HYPHEN,
	WITH_F = A_TO_O | UNDERSCORE | PLUS_SLASH
};

static const uint8_t by_lower[16] = {
    WITH_0, TO_9, TO_9,   TO_9,   TO_9,   TO_9,   TO_9,   TO_9,
    TO_9,   TO_9, WITH_A, WITH_B, A_TO_O, WITH_D, A_TO_O, WITH_F};
static const uint8_t by_upper[16] = {
    [2] = HYPHEN | PLUS_SLASH, [3] = DIGIT,  [4] = A_TO_O,
    [5] = P_TO_Z | UNDERSCORE, [6] = A_TO_O, [7] = P_TO_Z,
};

__attribute__((target("avx512bw"))) static inline __m512i
kinds_avx512(__m512i x)
{
	const void *lower = by_lower, *upper = by_upper;
	const __m512i four = _mm512_set1_epi8(15);
	__m512i l = _mm512_broadcast_i32x4(_mm_loadu_si128(lower));
	__m512i u = _mm512_broadcast_i32x4(_mm_loadu_si128(upper));

	l = _mm512_shuffle_epi8(l, _mm512_and_si512(x, four));
	u = _mm512_shuffle_epi8(
	    u, _mm512_and_si512(_mm512_srli_epi16(x, 4), four));
	return _mm512_and_si512(l, u);
}

__attribute__((target("avx512bw"))) static inline void
classify_avx512(const uint8_t *p, size_t n, struct classes *c)
{
	uint64_t m[3][LANES];

	if (n < BLOCK)
		memset(m, 0, sizeof(m));
	for (unsigned i = 0; i < LANES && i * 64 < n; i++) {
		size_t left = n - i * 64;
		__mmask64 in =
		    left < 64 ? (UINT64_C(1) << left) - 1 : UINT64_MAX;
		__m512i k =
		    kinds_avx512(_mm512_maskz_loadu_epi8(in, p + i * 64));

		m[0][i] = _mm512_test_epi8_mask(k, _mm512_set1_epi8(NARROW));
		m[1][i] = _mm512_test_epi8_mask(k, k);
		m[2][i] = _mm512_test_epi8_mask(k, _mm512_set1_epi8(DIGIT));
	}
	memcpy(&c->narrow, m[0], sizeof(lanes));
	memcpy(&c->wide, m[1], sizeof(lanes));
	memcpy(&c->digit, m[2], sizeof(lanes));
}

__attribute__((target("avx512bw"))) bool
sieve_avx512(struct span text, size_t at, struct sieve_trail *t,
	     uint64_t ends[LANES])
{
	struct classes c;

	classify_avx512(text.ptr + at, text.len - at, &c);
	return find(&c, t, ends);
}

#endif
