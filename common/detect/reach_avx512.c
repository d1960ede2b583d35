#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET                                                                 \
	__attribute__((target("avx512bw,avx512dq,avx512vl,avx512vbmi2,bmi,"    \
			      "popcnt")))
#define REACH reach_avx512
#include "detect/reach_body.h"

bool
reach_avx512_runs(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512dq") &&
	       __builtin_cpu_supports("avx512vl") &&
	       __builtin_cpu_supports("avx512vbmi2");
}

/* The places of the bits that are set, from `base` on. */
BODY size_t
put_bits(uint16_t *to, uint64_t bits, size_t base)
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

BODY void
put(struct reach_list *ws, uint64_t firsts, uint64_t lasts, size_t base)
{
	ws->firsts += put_bits(ws->first + 1 + ws->firsts, firsts, base);
	ws->lasts += put_bits(ws->last + 1 + ws->lasts, lasts, base);
}

BODY __m512i
eight_at(const uint16_t *p)
{
	return _mm512_cvtepu16_epi64(
	    _mm_loadu_si128((const __m128i *)(const void *)p));
}

/* words_head of eight words. */
BODY __m512i
heads_of(const uint8_t *text, __m512i first, __m512i last)
{
	const __m512i seven = _mm512_set1_epi64(7);
	__m512i v = _mm512_i64gather_epi64(first, text, 1);
	__m512i more = _mm512_sub_epi64(last, first);
	__m512i beyond = _mm512_slli_epi64(
	    _mm512_sub_epi64(seven, _mm512_min_epu64(more, seven)), 3);
	__m512i h;

	v = _mm512_and_si512(v,
			     _mm512_srlv_epi64(_mm512_set1_epi64(-1), beyond));
	v = _mm512_or_si512(v, _mm512_set1_epi8(0x20));
	h = _mm512_mullo_epi64(
	    _mm512_add_epi64(v, _mm512_add_epi64(more, _mm512_set1_epi64(1))),
	    _mm512_set1_epi64((long long)UINT64_C(0x9e3779b97f4a7c15)));
	return _mm512_xor_si512(h, _mm512_srli_epi64(h, 29));
}

/* reach_kinds of eight words, zero where they have none. */
BODY __m256i
kinds_of(const struct reach *r, __m512i head)
{
	const __m256i tags = _mm256_set1_epi32(REACH_TAG);
	__m512i slot = _mm512_and_si512(_mm512_srli_epi64(head, REACH_SLOT_BIT),
					_mm512_set1_epi64(REACH_SLOTS - 1));
	__m256i e = _mm512_i64gather_epi32(slot, r->slot, 1);
	__m256i tag = _mm256_and_si256(
	    _mm512_cvtepi64_epi32(_mm512_srli_epi64(head, REACH_TAG_BIT)),
	    tags);
	__m256i has = _mm256_and_si256(e, tags);

	return _mm256_maskz_mov_epi32(_mm256_cmpeq_epi32_mask(has, tag) |
					  _mm256_cmpeq_epi32_mask(has, tags),
				      e);
}

BODY uint64_t
bits_of(__m256i kinds, unsigned kind)
{
	return _mm256_test_epi32_mask(kinds, _mm256_set1_epi32((int)kind));
}

BODY uint64_t
closes(const struct reach_words *ws, size_t i)
{
	__m512i gap = _mm512_sub_epi16(_mm512_loadu_si512(ws->first + 1 + i),
				       _mm512_loadu_si512(ws->last + i));

	return _mm512_cmple_epu16_mask(gap, _mm512_set1_epi16(WORDS_GAP + 1));
}

BODY void
kinds(const struct reach_look *l, const struct reach_words *ws,
      struct reach_kinds *out)
{
	size_t before = l->at < 64 ? 64 - l->at : 0;
	const uint8_t *text = l->text.ptr + (l->at + before - 64);
	const __m512i skip = _mm512_set1_epi64((long long)before);

	*out =
	    (struct reach_kinds){.close = closes(ws, 0) | closes(ws, 32) << 32};
	for (size_t i = 0; i < ws->count; i += 8) {
		__m512i head = heads_of(
		    text, _mm512_sub_epi64(eight_at(ws->first + 1 + i), skip),
		    _mm512_sub_epi64(eight_at(ws->last + 1 + i), skip));
		__m256i k = kinds_of(l->reach, head);

		out->alone |= bits_of(k, REACH_ALONE) << i;
		out->first |= bits_of(k, REACH_FIRST) << i;
		out->second |= bits_of(k, REACH_SECOND) << i;
	}
}

#endif
