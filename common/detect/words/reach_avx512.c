#if defined(__x86_64__)

#include "detect/tile/loads_x86.h"

#define TARGET BITS_AVX512
#define REACH  reach_avx512
#define STEP   8
#include "detect/words/reach_body.h"

bool
reach_avx512_runs(void)
{
	return bits_avx512_runs();
}

BODY void
put(struct reach_list *ws, uint64_t firsts, uint64_t lasts, size_t base)
{
	ws->firsts += bits_avx512(ws->first + 1 + ws->firsts, firsts, base);
	ws->lasts += bits_avx512(ws->last + 1 + ws->lasts, lasts, base);
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
	__m512i v = load_eights(text, first);
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
	__m256i e = load_bytes(r->slot, slot);
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
