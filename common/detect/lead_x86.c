#include "detect/lead_impl.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

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

/* Those of the words whose first four bytes some lead has. */
INLINE size_t
sift(const uint64_t *bits, const uint8_t *p, uint64_t words, uint32_t at,
     uint32_t *out)
{
	size_t n = 0;

	for (; words != 0; words &= words - 1) {
		uint32_t i = (uint32_t)__builtin_ctzll(words), four, h;

		memcpy(&four, p + i, sizeof(four));
		h = lead_hash(four);
		out[n] = at + i;
		n += bits[h / 64] >> (h % 64) & 1;
	}
	return n;
}

__attribute__((target("avx2,bmi"))) static inline uint32_t
range_avx2(__m256i x, char low, char span)
{
	__m256i y = _mm256_sub_epi8(x, _mm256_set1_epi8(low));

	return (uint32_t)_mm256_movemask_epi8(
	    _mm256_cmpeq_epi8(_mm256_min_epu8(y, _mm256_set1_epi8(span)), y));
}

__attribute__((target("avx2,bmi"))) static inline void
classify_avx2(const uint8_t *p, struct classes *c)
{
	*c = (struct classes){0};
	for (unsigned q = 0; q < 64; q += 32) {
		const void *v = p + q;
		__m256i x = _mm256_loadu_si256(v);
		__m256i low = _mm256_or_si256(x, _mm256_set1_epi8(32));
		__m256i slash = _mm256_cmpeq_epi8(x, _mm256_set1_epi8('\\'));

		c->letter |= (uint64_t)range_avx2(low, 'a', 25) << q;
		c->upper |= (uint64_t)range_avx2(x, 'A', 25) << q;
		c->slash |= (uint64_t)(uint32_t)_mm256_movemask_epi8(slash)
			    << q;
	}
}

__attribute__((target("avx2,bmi"))) size_t
lead_words_avx2(const uint64_t *bits, const uint8_t *p, size_t blocks,
		struct lead_trail *t, uint32_t *out)
{
	struct classes c;
	size_t n = 0;

	for (size_t b = 0; b < blocks; b++, p += LEAD_BLOCK) {
		classify_avx2(p, &c);
		n += sift(bits, p, starts(&c, p[LEAD_BLOCK], t),
			  (uint32_t)(b * LEAD_BLOCK), out + n);
	}
	return n;
}

__attribute__((target("avx512bw,bmi"))) static inline uint64_t
range_avx512(__m512i x, char low, char span)
{
	return _mm512_cmple_epu8_mask(_mm512_sub_epi8(x, _mm512_set1_epi8(low)),
				      _mm512_set1_epi8(span));
}

__attribute__((target("avx512bw,bmi"))) size_t
lead_words_avx512(const uint64_t *bits, const uint8_t *p, size_t blocks,
		  struct lead_trail *t, uint32_t *out)
{
	size_t n = 0;

	for (size_t b = 0; b < blocks; b++, p += LEAD_BLOCK) {
		__m512i x = _mm512_loadu_si512(p);
		__m512i low = _mm512_or_si512(x, _mm512_set1_epi8(32));
		struct classes c = {
		    .letter = range_avx512(low, 'a', 25),
		    .upper = range_avx512(x, 'A', 25),
		    .slash = _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8('\\')),
		};

		n += sift(bits, p, starts(&c, p[LEAD_BLOCK], t),
			  (uint32_t)(b * LEAD_BLOCK), out + n);
	}
	return n;
}

#endif
