#include "detect/region/lead_impl.h"

#if defined(__x86_64__)

#include <string.h>

#include "detect/tile/bits_x86.h"

#define INLINE static inline __attribute__((always_inline))

struct classes {
	uint64_t letter, upper, slash;
};

/* Bits where a word begins; `after`: the byte behind the block. */
INLINE uint64_t
starts(const struct classes *c, uint8_t after, struct lead_trail *t)
{
	uint64_t small = c->letter & ~c->upper;
	uint64_t next = (uint64_t)((uint8_t)(after - 'a') < 26) << 63;
	uint64_t found = c->letter & ~(c->letter << 1 | t->letter);

	found |= c->upper & (small << 1 | t->small | small >> 1 | next);
	found |= c->letter & (c->slash << 2 | t->slash);
	t->letter = c->letter >> 63;
	t->small = small >> 63;
	t->slash = c->slash >> 62;
	return found;
}

/*
 * Of the words at place[0, n), n <= 64, those whose hash some lead has, a bit
 * each; some behind them are looked at as well.
 */
typedef uint64_t sift_fn(const uint64_t *bits, const uint8_t *p,
			 const uint16_t *place, size_t n);

/* Keeps those that begin as all leads of their hash do, behind n others. */
INLINE size_t
keep(const struct lead_table *t, const uint8_t *p, const uint16_t *place,
     uint64_t words, struct lead_words *out, size_t n)
{
	for (; words != 0; words &= words - 1) {
		uint16_t at = place[__builtin_ctzll(words)];
		const struct lead_head *c;
		uint64_t head;
		uint32_t rank;

		memcpy(&head, p + at, sizeof(head));
		rank = lead_rank(t, lead_hash((uint32_t)head));
		c = &t->common[rank];
		out->at[n] = at;
		out->rank[n] = rank;
		n += (head & c->mask) == c->byte;
	}
	return n;
}

/* Those of out->at[0, n) that a lead may begin at, to its front. */
INLINE size_t
keep_all(const struct lead_table *t, const uint8_t *p, struct lead_words *out,
	 size_t n, sift_fn *sift)
{
	size_t kept = 0;

	memset(out->at + n, 0, 64 * sizeof(out->at[0]));
	for (size_t i = 0; i < n; i += 64) {
		const uint16_t *place = out->at + i;
		size_t some = n - i < 64 ? n - i : 64;
		uint64_t in = UINT64_MAX >> (64 - some);

		kept = keep(t, p, place, sift(t->bits, p, place, some) & in,
			    out, kept);
	}
	return kept;
}

/* ---- AVX2 ---------------------------------------------------------------- */

BITS_AVX2 static inline uint32_t
range_avx2(__m256i x, char low, char span)
{
	__m256i y = _mm256_sub_epi8(x, _mm256_set1_epi8(low));

	return (uint32_t)_mm256_movemask_epi8(
	    _mm256_cmpeq_epi8(_mm256_min_epu8(y, _mm256_set1_epi8(span)), y));
}

BITS_AVX2 static inline void
classify_avx2(const uint8_t *p, struct classes *c)
{
	*c = (struct classes){0};
	for (unsigned q = 0; q < 64; q += 32) {
		const void *v = p + q;
		__m256i x = _mm256_loadu_si256(v);
		__m256i low = _mm256_or_si256(x, _mm256_set1_epi8(32));
		__m256i slash = _mm256_cmpeq_epi8(x, _mm256_set1_epi8('\\'));

		c->letter |= (uint64_t)range_avx2(low, 'a', 25) << q;
		/* of letters the bit that small ones have, at the top */
		c->upper |= (uint64_t)(uint32_t)~_mm256_movemask_epi8(
				_mm256_slli_epi16(x, 2))
			    << q;
		c->slash |= (uint64_t)(uint32_t)_mm256_movemask_epi8(slash)
			    << q;
	}
	c->upper &= c->letter;
}

/* Bytes at which some lead's first halves stand. */
BITS_AVX2 static inline uint64_t
halves_avx2(const struct lead_table *t, const uint8_t *p)
{
	const __m256i half = _mm256_set1_epi8(15);
	__m256i all = _mm256_set1_epi8(-1);

	for (unsigned i = 0; i < LEAD_HALVED; i++) {
		const void *from = p + i, *low = t->low[i], *high = t->high[i];
		__m256i x = _mm256_loadu_si256(from);
		__m256i l = _mm256_broadcastsi128_si256(_mm_loadu_si128(low));
		__m256i h = _mm256_broadcastsi128_si256(_mm_loadu_si128(high));

		l = _mm256_shuffle_epi8(l, _mm256_and_si256(x, half));
		h = _mm256_shuffle_epi8(
		    h, _mm256_and_si256(_mm256_srli_epi16(x, 4), half));
		all = _mm256_and_si256(all, _mm256_and_si256(l, h));
	}
	return (uint32_t)~_mm256_movemask_epi8(
	    _mm256_cmpeq_epi8(all, _mm256_setzero_si256()));
}

/* lead_hash of eight words, and its bit at the top of each. */
BITS_AVX2 static inline uint64_t
sift_avx2(const uint64_t *bits, const uint8_t *p, const uint16_t *place,
	  size_t n)
{
	const __m256i five = _mm256_set1_epi8(0x1f);
	const __m256i by = _mm256_set1_epi32((int)LEAD_FACTOR);
	uint64_t found = 0;

	for (size_t i = 0; i < n; i += 8) {
		const void *from = place + i;
		__m256i at = _mm256_cvtepu16_epi32(_mm_loadu_si128(from));
		__m256i four =
		    _mm256_i32gather_epi32((const int *)(const void *)p, at, 1);
		__m256i h = _mm256_srli_epi32(
		    _mm256_mullo_epi32(_mm256_and_si256(four, five), by),
		    32 - LEAD_BITS);
		__m256i bit =
		    _mm256_i32gather_epi32((const int *)(const void *)bits,
					   _mm256_srli_epi32(h, 5), 4);

		bit = _mm256_sllv_epi32(
		    bit, _mm256_andnot_si256(h, _mm256_set1_epi32(31)));
		found |= (uint64_t)(unsigned)_mm256_movemask_ps(
			     _mm256_castsi256_ps(bit))
			 << i;
	}
	return found;
}

BITS_AVX2 size_t
lead_words_avx2(const struct lead_table *table, const uint8_t *p, size_t blocks,
		struct lead_trail *t, struct lead_words *out)
{
	struct classes c;
	size_t n = 0;

	for (size_t b = 0; b < blocks; b++) {
		const uint8_t *at = p + b * LEAD_BLOCK;

		uint64_t words;

		classify_avx2(at, &c);
		words = starts(&c, at[LEAD_BLOCK], t);
		if (table->halved)
			words &= halves_avx2(table, at) |
				 halves_avx2(table, at + 32) << 32;
		n += bits_avx2(out->at + n, words, b * LEAD_BLOCK);
	}
	return keep_all(table, p, out, n, sift_avx2);
}

/* ---- AVX-512 ------------------------------------------------------------- */

BITS_AVX512 static inline uint64_t
range_avx512(__m512i x, char low, char span)
{
	return _mm512_cmple_epu8_mask(_mm512_sub_epi8(x, _mm512_set1_epi8(low)),
				      _mm512_set1_epi8(span));
}

BITS_AVX512 static inline uint64_t
halves_avx512(const struct lead_table *t, const uint8_t *p)
{
	const __m512i half = _mm512_set1_epi8(15);
	__m512i all = _mm512_set1_epi8(-1);

	for (unsigned i = 0; i < LEAD_HALVED; i++) {
		const void *low = t->low[i], *high = t->high[i];
		__m512i x = _mm512_loadu_si512(p + i);
		__m512i l = _mm512_broadcast_i32x4(_mm_loadu_si128(low));
		__m512i h = _mm512_broadcast_i32x4(_mm_loadu_si128(high));

		l = _mm512_shuffle_epi8(l, _mm512_and_si512(x, half));
		h = _mm512_shuffle_epi8(
		    h, _mm512_and_si512(_mm512_srli_epi16(x, 4), half));
		all = _mm512_and_si512(all, _mm512_and_si512(l, h));
	}
	return _mm512_test_epi8_mask(all, all);
}

BITS_AVX512 static inline uint64_t
sift_avx512(const uint64_t *bits, const uint8_t *p, const uint16_t *place,
	    size_t n)
{
	const __m512i five = _mm512_set1_epi8(0x1f);
	const __m512i by = _mm512_set1_epi32((int)LEAD_FACTOR);
	uint64_t found = 0;

	for (size_t i = 0; i < n; i += 16) {
		const void *from = place + i;
		__m512i at = _mm512_cvtepu16_epi32(_mm256_loadu_si256(from));
		__m512i four = _mm512_i32gather_epi32(at, p, 1);
		__m512i h = _mm512_srli_epi32(
		    _mm512_mullo_epi32(_mm512_and_si512(four, five), by),
		    32 - LEAD_BITS);
		__m512i word =
		    _mm512_i32gather_epi32(_mm512_srli_epi32(h, 5), bits, 4);
		__m512i bit = _mm512_sllv_epi32(
		    _mm512_set1_epi32(1),
		    _mm512_and_si512(h, _mm512_set1_epi32(31)));

		found |= (uint64_t)_mm512_test_epi32_mask(word, bit) << i;
	}
	return found;
}

BITS_AVX512 size_t
lead_words_avx512(const struct lead_table *table, const uint8_t *p,
		  size_t blocks, struct lead_trail *t, struct lead_words *out)
{
	size_t n = 0;

	for (size_t b = 0; b < blocks; b++) {
		const uint8_t *at = p + b * LEAD_BLOCK;
		__m512i x = _mm512_loadu_si512(at);
		__m512i low = _mm512_or_si512(x, _mm512_set1_epi8(32));
		struct classes c = {
		    .letter = range_avx512(low, 'a', 25),
		    .upper = range_avx512(x, 'A', 25),
		    .slash = _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8('\\')),
		};

		uint64_t words = starts(&c, at[LEAD_BLOCK], t);

		if (table->halved)
			words &= halves_avx512(table, at);
		n += bits_avx512(out->at + n, words, b * LEAD_BLOCK);
	}
	return keep_all(table, p, out, n, sift_avx512);
}

bool
lead_avx512_runs(void)
{
	return bits_avx512_runs();
}

#endif
