#include "detect/sieve_impl.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#define LANES 8
#define BLOCK (LANES * (size_t)64)

/* Eight words of a bit a byte; both compilers split it as they must. */
typedef uint64_t lanes __attribute__((vector_size(64)));

/* Of a block: letters, digits and _ + / -, then what else is looked for. */
struct classes {
	lanes word, dot, dash, colon, slash;
};

/* What the block before leaves behind. */
struct trail {
	lanes colon, dash, dashes;
	lanes word[4], dotted[4]; /* ends of runs of 1, 2, 4, 8 */
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

/* Bits where a run of 16 ends. */
INLINE void
sixteen(lanes *m, lanes t[4])
{
	lanes moved;

	for (unsigned i = 0; i < 4; i++) {
		behind(m, &t[i], 1U << i, &moved);
		moved &= *m;
		t[i] = *m;
		*m = moved;
	}
}

INLINE bool
any(const lanes *v)
{
	uint64_t all = 0;

	for (unsigned i = 0; i < LANES; i++)
		all |= (*v)[i];
	return all != 0;
}

INLINE bool
seen(const struct classes *c, struct trail *t)
{
	lanes found, two, moved, dotted = c->word | c->dot, word = c->word;
	lanes eight = t->dotted[3];

	behind(&c->colon, &t->colon, 1, &moved);
	found = c->slash & moved;
	behind(&c->dash, &t->dash, 1, &moved);
	two = c->dash & moved;
	behind(&two, &t->dashes, 2, &moved);
	found |= two & moved;
	sixteen(&word, t->word);
	found |= word;
	/* a run of 24: one of 16, and one of 8 that ends before it */
	sixteen(&dotted, t->dotted);
	behind(&t->dotted[3], &eight, 16, &moved);
	found |= dotted & moved;
	t->colon = c->colon;
	t->dash = c->dash;
	t->dashes = two;
	return any(&found);
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

		c->dot[i] |= range_avx2(x, '.', 0) << at;
		c->dash[i] |= range_avx2(x, '-', 0) << at;
		c->colon[i] |= range_avx2(x, ':', 0) << at;
		c->slash[i] |= range_avx2(x, '/', 0) << at;
		c->word[i] |=
		    (range_avx2(low, 'a', 25) | range_avx2(x, '0', 9) |
		     range_avx2(x, '_', 0) | range_avx2(x, '+', 0))
		    << at;
	}
	c->word |= c->dash | c->slash;
}

__attribute__((target("avx2"))) bool
sieve_avx2(struct span text)
{
	struct trail t;
	struct classes c;
	uint8_t pad[BLOCK];

	memset(&t, 0, sizeof(t));
	for (size_t at = 0; at < text.len; at += BLOCK) {
		classify_avx2(block_at(text, at, pad), &c);
		if (seen(&c, &t))
			return true;
	}
	return false;
}

__attribute__((target("avx512bw"))) static inline uint64_t
range_avx512(__m512i x, char low, char span)
{
	return _mm512_cmple_epu8_mask(_mm512_sub_epi8(x, _mm512_set1_epi8(low)),
				      _mm512_set1_epi8(span));
}

__attribute__((target("avx512bw"))) static inline uint64_t
equal_avx512(__m512i x, char c)
{
	return _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(c));
}

__attribute__((target("avx512bw"))) static inline void
classify_avx512(const uint8_t *p, size_t n, struct classes *c)
{
	uint64_t m[5][LANES];

	if (n < BLOCK)
		memset(m, 0, sizeof(m));
	for (unsigned i = 0; i < LANES && i * 64 < n; i++) {
		size_t left = n - i * 64;
		__mmask64 in =
		    left < 64 ? (UINT64_C(1) << left) - 1 : UINT64_MAX;
		__m512i x = _mm512_maskz_loadu_epi8(in, p + i * 64);
		__m512i low = _mm512_or_si512(x, _mm512_set1_epi8(32));

		m[0][i] = range_avx512(low, 'a', 25) | range_avx512(x, '0', 9) |
			  equal_avx512(x, '_') | equal_avx512(x, '+');
		m[1][i] = equal_avx512(x, '.');
		m[2][i] = equal_avx512(x, '-');
		m[3][i] = equal_avx512(x, ':');
		m[4][i] = equal_avx512(x, '/');
	}
	memcpy(&c->word, m[0], sizeof(lanes));
	memcpy(&c->dot, m[1], sizeof(lanes));
	memcpy(&c->dash, m[2], sizeof(lanes));
	memcpy(&c->colon, m[3], sizeof(lanes));
	memcpy(&c->slash, m[4], sizeof(lanes));
	c->word |= c->dash | c->slash;
}

__attribute__((target("avx512bw"))) bool
sieve_avx512(struct span text)
{
	struct trail t;
	struct classes c;

	memset(&t, 0, sizeof(t));
	for (size_t at = 0; at < text.len; at += BLOCK) {
		classify_avx512(text.ptr + at, text.len - at, &c);
		if (seen(&c, &t))
			return true;
	}
	return false;
}

#endif
