#include "detect/tile_impl.h"

#if defined(__x86_64__)

#include <immintrin.h>

/*
 * Each level compares whole vectors: x - low <= high - low, unsigned, for a
 * range. SSE2 and AVX2 have no unsigned compare, so min(x, n) == x stands in.
 */

static uint64_t
sse2_range(__m128i x, char low, char span)
{
	__m128i y = _mm_sub_epi8(x, _mm_set1_epi8(low));
	__m128i in = _mm_cmpeq_epi8(_mm_min_epu8(y, _mm_set1_epi8(span)), y);

	return (uint64_t)(uint32_t)_mm_movemask_epi8(in);
}

static uint64_t
sse2_two(__m128i x, char a, char b)
{
	__m128i in = _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8(a)),
				  _mm_cmpeq_epi8(x, _mm_set1_epi8(b)));

	return (uint64_t)(uint32_t)_mm_movemask_epi8(in);
}

void
tile_sse2(const uint8_t *p, size_t words, struct tile_masks *m, size_t first)
{
	for (size_t w = 0; w < words; w++) {
		uint64_t d = 0, l = 0, u = 0, a = 0, o = 0, e = 0, n = 0;
		uint64_t j = 0, h = 0, t = 0;

		for (unsigned q = 0; q < 64; q += 16) {
			__m128i x = _mm_loadu_si128(
			    (const __m128i *)(const void *)(p + w * 64 + q));

			d |= sse2_range(x, '0', 9) << q;
			l |= sse2_range(x, 'a', 25) << q;
			e |= sse2_two(x, '\\', '%') << q;
			j |= (sse2_range(x, '-', 2) | sse2_two(x, ' ', ':') |
			      sse2_two(x, '+', '+'))
			     << q;
			u |= sse2_range(x, 'A', 25) << q;
			a |= sse2_two(x, '@', '@') << q;
			o |= sse2_two(x, '+', '(') << q;
			n |= sse2_two(x, ':', ':') << q;
			t |= sse2_two(x, '.', '.') << q;
			h |= (uint64_t)(uint32_t)_mm_movemask_epi8(x) << q;
		}
		m->digit[first + w] = d;
		m->lower[first + w] = l;
		m->word[first + w] = d | u | l;
		m->sep[first + w] = j;
		m->escape[first + w] = e;
		m->upper[first + w] = u;
		m->at[first + w] = a;
		m->open[first + w] = o;
		m->colon[first + w] = n;
		m->dot[first + w] = t;
		m->high[first + w] = h;
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

		s |= sse2_range(x, 'a', 25) << q;
		u |= sse2_range(x, 'A', 25) << q;
		l |= high << q;
		e |= sse2_two(x, '\n', '\r') << q;
		j |= (sse2_range(x, '0', 9) | sse2_range(x, '-', 1) |
		      sse2_two(x, '_', ' '))
		     << q;
	}
	*out = (struct tile_words){s, l | s | u, u, e, j};
}

__attribute__((target("avx2"))) static inline uint64_t
avx2_range(__m256i x, char low, char span)
{
	__m256i y = _mm256_sub_epi8(x, _mm256_set1_epi8(low));
	__m256i in =
	    _mm256_cmpeq_epi8(_mm256_min_epu8(y, _mm256_set1_epi8(span)), y);

	return (uint64_t)(uint32_t)_mm256_movemask_epi8(in);
}

__attribute__((target("avx2"))) static inline uint64_t
avx2_two(__m256i x, char a, char b)
{
	__m256i in = _mm256_or_si256(_mm256_cmpeq_epi8(x, _mm256_set1_epi8(a)),
				     _mm256_cmpeq_epi8(x, _mm256_set1_epi8(b)));

	return (uint64_t)(uint32_t)_mm256_movemask_epi8(in);
}

__attribute__((target("avx2"))) void
tile_avx2(const uint8_t *p, size_t words, struct tile_masks *m, size_t first)
{
	for (size_t w = 0; w < words; w++) {
		uint64_t d = 0, l = 0, u = 0, a = 0, o = 0, e = 0, n = 0;
		uint64_t j = 0, h = 0, t = 0;

		for (unsigned q = 0; q < 64; q += 32) {
			__m256i x = _mm256_loadu_si256(
			    (const __m256i *)(const void *)(p + w * 64 + q));

			d |= avx2_range(x, '0', 9) << q;
			l |= avx2_range(x, 'a', 25) << q;
			e |= avx2_two(x, '\\', '%') << q;
			j |= (avx2_range(x, '-', 2) | avx2_two(x, ' ', ':') |
			      avx2_two(x, '+', '+'))
			     << q;
			u |= avx2_range(x, 'A', 25) << q;
			a |= avx2_two(x, '@', '@') << q;
			o |= avx2_two(x, '+', '(') << q;
			n |= avx2_two(x, ':', ':') << q;
			t |= avx2_two(x, '.', '.') << q;
			h |= (uint64_t)(uint32_t)_mm256_movemask_epi8(x) << q;
		}
		m->digit[first + w] = d;
		m->lower[first + w] = l;
		m->word[first + w] = d | u | l;
		m->sep[first + w] = j;
		m->escape[first + w] = e;
		m->upper[first + w] = u;
		m->at[first + w] = a;
		m->open[first + w] = o;
		m->colon[first + w] = n;
		m->dot[first + w] = t;
		m->high[first + w] = h;
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

		s |= avx2_range(x, 'a', 25) << q;
		u |= avx2_range(x, 'A', 25) << q;
		l |= high << q;
		e |= avx2_two(x, '\n', '\r') << q;
		j |= (avx2_range(x, '0', 9) | avx2_range(x, '-', 1) |
		      avx2_two(x, '_', ' '))
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
		m->colon[first + w] =
		    _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(':'));
		m->dot[first + w] =
		    _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8('.'));
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
