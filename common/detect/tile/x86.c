#include "detect/tile/impl.h"

#if defined(__x86_64__)

#include <immintrin.h>

/*
 * Each level compares whole vectors: x - low <= high - low, unsigned, for a
 * range. SSE2 and AVX2 have no unsigned compare, so min(x, n) == x stands in.
 */

/* One word of each class, as vectors tell them. */
struct tile_word {
	uint64_t digit, zero, letter, small, sep, escape, at, open, close,
	    colon, dot, high;
};

static inline void
put_word(struct tile_masks *m, size_t w, const struct tile_word *o)
{
	m->digit[w] = o->digit;
	m->zero[w] = o->zero;
	m->upper[w] = o->letter & ~o->small;
	m->lower[w] = o->letter & o->small;
	m->word[w] = o->digit | o->letter;
	m->sep[w] = o->sep;
	m->escape[w] = o->escape;
	m->at[w] = o->at;
	m->open[w] = o->open;
	m->close[w] = o->close;
	m->colon[w] = o->colon;
	m->dot[w] = o->dot;
	m->high[w] = o->high;
}

static inline __m128i
sse2_in(__m128i x, char low, char span)
{
	__m128i y = _mm_sub_epi8(x, _mm_set1_epi8(low));

	return _mm_cmpeq_epi8(_mm_min_epu8(y, _mm_set1_epi8(span)), y);
}

static inline __m128i
sse2_is(__m128i x, char c)
{
	return _mm_cmpeq_epi8(x, _mm_set1_epi8(c));
}

static inline __m128i
sse2_or(__m128i a, __m128i b)
{
	return _mm_or_si128(a, b);
}

static inline uint64_t
sse2_bits(__m128i x)
{
	return (uint64_t)(uint32_t)_mm_movemask_epi8(x);
}

void
tile_sse2(const uint8_t *p, size_t words, struct tile_masks *m, size_t first)
{
	for (size_t w = 0; w < words; w++) {
		struct tile_word o = {0};

		for (unsigned q = 0; q < 64; q += 16) {
			__m128i x = _mm_loadu_si128(
			    (const __m128i *)(const void *)(p + w * 64 + q));
			__m128i low = _mm_or_si128(x, _mm_set1_epi8(32));
			__m128i dot = sse2_is(x, '.'), plus = sse2_is(x, '+');
			__m128i colon = sse2_is(x, ':');
			__m128i sep = sse2_or(sse2_or(sse2_in(x, '-', 2), plus),
					      sse2_or(sse2_is(x, ' '), colon));

			o.digit |= sse2_bits(sse2_in(x, '0', 9)) << q;
			o.zero |= sse2_bits(sse2_is(x, '0')) << q;
			o.letter |= sse2_bits(sse2_in(low, 'a', 25)) << q;
			/* of letters the bit that small ones have, at the top
			 */
			o.small |= sse2_bits(_mm_slli_epi16(x, 2)) << q;
			o.sep |= sse2_bits(sep) << q;
			o.escape |= sse2_bits(sse2_or(sse2_is(x, '\\'),
						      sse2_is(x, '%')))
				    << q;
			o.at |= sse2_bits(sse2_is(x, '@')) << q;
			o.open |= sse2_bits(sse2_or(plus, sse2_is(x, '(')))
				  << q;
			o.close |= sse2_bits(sse2_is(x, ')')) << q;
			o.colon |= sse2_bits(colon) << q;
			o.dot |= sse2_bits(dot) << q;
			o.high |= sse2_bits(x) << q;
		}
		put_word(m, first + w, &o);
	}
}

void
tile_words_sse2(const uint8_t *p, struct tile_words *out)
{
	uint64_t s = 0, l = 0, u = 0, e = 0, j = 0;

	for (unsigned q = 0; q < 64; q += 16) {
		__m128i x =
		    _mm_loadu_si128((const __m128i *)(const void *)(p + q));
		uint64_t high = (uint64_t)(uint32_t)_mm_movemask_epi8(x);

		s |= sse2_bits(sse2_in(x, 'a', 25)) << q;
		u |= sse2_bits(sse2_in(x, 'A', 25)) << q;
		l |= high << q;
		e |= sse2_bits(sse2_or(sse2_is(x, '\n'), sse2_is(x, '\r')))
		     << q;
		j |= sse2_bits(sse2_or(
			 sse2_or(sse2_in(x, '0', 9), sse2_in(x, '-', 1)),
			 sse2_or(sse2_is(x, '_'), sse2_is(x, ' '))))
		     << q;
	}
	*out = (struct tile_words){s, l | s | u, u, e, j};
}

__attribute__((target("avx2"))) static inline __m256i
avx2_in(__m256i x, char low, char span)
{
	__m256i y = _mm256_sub_epi8(x, _mm256_set1_epi8(low));

	return _mm256_cmpeq_epi8(_mm256_min_epu8(y, _mm256_set1_epi8(span)), y);
}

__attribute__((target("avx2"))) static inline __m256i
avx2_is(__m256i x, char c)
{
	return _mm256_cmpeq_epi8(x, _mm256_set1_epi8(c));
}

__attribute__((target("avx2"))) static inline __m256i
avx2_or(__m256i a, __m256i b)
{
	return _mm256_or_si256(a, b);
}

__attribute__((target("avx2"))) static inline uint64_t
avx2_bits(__m256i x)
{
	return (uint64_t)(uint32_t)_mm256_movemask_epi8(x);
}

__attribute__((target("avx2"))) void
tile_avx2(const uint8_t *p, size_t words, struct tile_masks *m, size_t first)
{
	for (size_t w = 0; w < words; w++) {
		struct tile_word o = {0};

		for (unsigned q = 0; q < 64; q += 32) {
			__m256i x = _mm256_loadu_si256(
			    (const __m256i *)(const void *)(p + w * 64 + q));
			__m256i low = _mm256_or_si256(x, _mm256_set1_epi8(32));
			__m256i dot = avx2_is(x, '.'), plus = avx2_is(x, '+');
			__m256i colon = avx2_is(x, ':');
			__m256i sep = avx2_or(avx2_or(avx2_in(x, '-', 2), plus),
					      avx2_or(avx2_is(x, ' '), colon));

			o.digit |= avx2_bits(avx2_in(x, '0', 9)) << q;
			o.zero |= avx2_bits(avx2_is(x, '0')) << q;
			o.letter |= avx2_bits(avx2_in(low, 'a', 25)) << q;
			/* of letters the bit that small ones have, at the top
			 */
			o.small |= avx2_bits(_mm256_slli_epi16(x, 2)) << q;
			o.sep |= avx2_bits(sep) << q;
			o.escape |= avx2_bits(avx2_or(avx2_is(x, '\\'),
						      avx2_is(x, '%')))
				    << q;
			o.at |= avx2_bits(avx2_is(x, '@')) << q;
			o.open |= avx2_bits(avx2_or(plus, avx2_is(x, '(')))
				  << q;
			o.close |= avx2_bits(avx2_is(x, ')')) << q;
			o.colon |= avx2_bits(colon) << q;
			o.dot |= avx2_bits(dot) << q;
			o.high |= avx2_bits(x) << q;
		}
		put_word(m, first + w, &o);
	}
}

__attribute__((target("avx2"))) void
tile_words_avx2(const uint8_t *p, struct tile_words *out)
{
	uint64_t s = 0, l = 0, u = 0, e = 0, j = 0;

	for (unsigned q = 0; q < 64; q += 32) {
		__m256i x =
		    _mm256_loadu_si256((const __m256i *)(const void *)(p + q));
		uint64_t high = (uint64_t)(uint32_t)_mm256_movemask_epi8(x);

		s |= avx2_bits(avx2_in(x, 'a', 25)) << q;
		u |= avx2_bits(avx2_in(x, 'A', 25)) << q;
		l |= high << q;
		e |= avx2_bits(avx2_or(avx2_is(x, '\n'), avx2_is(x, '\r')))
		     << q;
		j |= avx2_bits(avx2_or(
			 avx2_or(avx2_in(x, '0', 9), avx2_in(x, '-', 1)),
			 avx2_or(avx2_is(x, '_'), avx2_is(x, ' '))))
		     << q;
	}
	*out = (struct tile_words){s, l | s | u, u, e, j};
}

__attribute__((target("avx512bw"))) static inline uint64_t
avx512_range(__m512i x, char low, char span)
{
	return _mm512_cmple_epu8_mask(_mm512_sub_epi8(x, _mm512_set1_epi8(low)),
				      _mm512_set1_epi8(span));
}

__attribute__((target("avx512bw"))) static inline uint64_t
avx512_two(__m512i x, char a, char b)
{
	return _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(a)) |
	       _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(b));
}

__attribute__((target("avx512bw"))) void
tile_avx512(const uint8_t *p, size_t words, struct tile_masks *m, size_t first)
{
	for (size_t w = 0; w < words; w++) {
		__m512i x = _mm512_loadu_si512(p + w * 64);

		m->digit[first + w] = avx512_range(x, '0', 9);
		m->lower[first + w] = avx512_range(x, 'a', 25);
		m->escape[first + w] = avx512_two(x, '\\', '%');
		m->sep[first + w] =
		    avx512_range(x, '-', 2) | avx512_two(x, ' ', ':') |
		    _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8('+'));
		m->upper[first + w] = avx512_range(x, 'A', 25);
		m->word[first + w] = m->digit[first + w] | m->lower[first + w] |
				     m->upper[first + w];
		m->at[first + w] =
		    _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8('@'));
		m->open[first + w] = avx512_two(x, '+', '(');
		m->close[first + w] =
		    _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(')'));
		m->colon[first + w] =
		    _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(':'));
		m->dot[first + w] =
		    _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8('.'));
		m->zero[first + w] =
		    _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8('0'));
		m->high[first + w] = _mm512_movepi8_mask(x);
	}
}

__attribute__((target("avx512bw"))) void
tile_words_avx512(const uint8_t *p, struct tile_words *out)
{
	__m512i x = _mm512_loadu_si512(p);
	uint64_t s = avx512_range(x, 'a', 25), u = avx512_range(x, 'A', 25);

	*out = (struct tile_words){
	    s, _mm512_movepi8_mask(x) | s | u, u, avx512_two(x, '\n', '\r'),
	    avx512_range(x, '0', 9) | avx512_range(x, '-', 1) |
		avx512_two(x, '_', ' ')};
}

#endif
