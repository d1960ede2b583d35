#if defined(__x86_64__)

#include "detect/tile/loads_x86.h"

#define TARGET BITS_AVX2
#define REACH  reach_avx2
#define STEP   4
#include "detect/words/reach_body.h"

/*
 * Four words at a time. Both lists are written by fours as well: how many words
 * a mask has is anybody's guess.
 */
BODY void
put(struct reach_list *ws, uint64_t firsts, uint64_t lasts, size_t base)
{
	uint16_t *first = ws->first + 1 + ws->firsts;
	uint16_t *last = ws->last + 1 + ws->lasts;

	ws->firsts += (unsigned)__builtin_popcountll(firsts);
	ws->lasts += (unsigned)__builtin_popcountll(lasts);
	while ((firsts | lasts) != 0) {
		for (unsigned i = 0; i < 4; i++) {
			*first++ = (uint16_t)(base + _tzcnt_u64(firsts));
			*last++ = (uint16_t)(base + _tzcnt_u64(lasts));
			firsts = _blsr_u64(firsts);
			lasts = _blsr_u64(lasts);
		}
	}
}

BODY __m256i
four_at(const uint16_t *p)
{
	return _mm256_cvtepu16_epi64(
	    _mm_loadl_epi64((const __m128i *)(const void *)p));
}

/* words_mix of four; the upper halves of the product go round by 32 bits. */
BODY __m256i
mix(__m256i v)
{
	const __m256i by =
	    _mm256_set1_epi64x((long long)UINT64_C(0x9e3779b97f4a7c15));
	__m256i cross = _mm256_mullo_epi32(v, _mm256_shuffle_epi32(by, 0xb1));
	__m256i h;

	cross = _mm256_add_epi32(cross, _mm256_slli_epi64(cross, 32));
	cross = _mm256_and_si256(
	    cross, _mm256_set1_epi64x((long long)UINT64_C(0xffffffff00000000)));
	h = _mm256_add_epi64(_mm256_mul_epu32(v, by), cross);
	return _mm256_xor_si256(h, _mm256_srli_epi64(h, 29));
}

/* words_head of four words. */
BODY __m256i
heads_of(const uint8_t *text, __m256i first, __m256i last)
{
	const __m256i seven = _mm256_set1_epi64x(7);
	__m256i v = load_four_eights(text, first);
	__m256i more = _mm256_sub_epi64(last, first);
	/* lengths have 16 bits, so that their halves do as well */
	__m256i beyond = _mm256_slli_epi64(
	    _mm256_sub_epi64(seven, _mm256_min_epu16(more, seven)), 3);

	v = _mm256_and_si256(v,
			     _mm256_srlv_epi64(_mm256_set1_epi64x(-1), beyond));
	v = _mm256_or_si256(v, _mm256_set1_epi8(0x20));
	return mix(
	    _mm256_add_epi64(v, _mm256_add_epi64(more, _mm256_set1_epi64x(1))));
}

/* reach_kinds of four words, in the lowest byte of each half of 64 bits. */
BODY __m256i
kinds_of(const struct reach *r, __m256i head)
{
	const __m256i tags = _mm256_set1_epi64x(REACH_TAG);
	__m256i slot = _mm256_and_si256(_mm256_srli_epi64(head, REACH_SLOT_BIT),
					_mm256_set1_epi64x(REACH_SLOTS - 1));
	__m256i e = load_four_bytes(r->slot, slot);
	__m256i tag =
	    _mm256_and_si256(_mm256_srli_epi64(head, REACH_TAG_BIT), tags);
	__m256i has = _mm256_and_si256(e, tags);
	__m256i good = _mm256_or_si256(_mm256_cmpeq_epi64(has, tag),
				       _mm256_cmpeq_epi64(has, tags));

	return _mm256_and_si256(e, good);
}

BODY uint64_t
bits_of(__m256i kinds, int kind)
{
	return (uint64_t)(unsigned)_mm256_movemask_pd(
	    _mm256_castsi256_pd(_mm256_slli_epi64(kinds, 64 - kind)));
}

/* Sixteen words: all ones where they are close to those before them. */
BODY __m256i
close_to(const struct reach_words *ws, size_t i)
{
	const __m256i most = _mm256_set1_epi16(WORDS_GAP + 1);
	const void *first = ws->first + 1 + i, *last = ws->last + i;
	__m256i gap = _mm256_sub_epi16(_mm256_loadu_si256(first),
				       _mm256_loadu_si256(last));

	return _mm256_cmpeq_epi16(_mm256_min_epu16(gap, most), gap);
}

BODY uint64_t
closes(const struct reach_words *ws, size_t i)
{
	__m256i both =
	    _mm256_packs_epi16(close_to(ws, i), close_to(ws, i + 16));

	return (uint64_t)(uint32_t)_mm256_movemask_epi8(
	    _mm256_permute4x64_epi64(both, 0xd8));
}

BODY void
kinds(const struct reach_look *l, const struct reach_words *ws,
      struct reach_kinds *out)
{
	size_t before = l->at < 64 ? 64 - l->at : 0;
	const uint8_t *text = l->text.ptr + (l->at + before - 64);
	const __m256i skip = _mm256_set1_epi64x((long long)before);

	*out =
	    (struct reach_kinds){.close = closes(ws, 0) | closes(ws, 32) << 32};
	for (size_t i = 0; i < ws->count; i += 4) {
		__m256i head = heads_of(
		    text, _mm256_sub_epi64(four_at(ws->first + 1 + i), skip),
		    _mm256_sub_epi64(four_at(ws->last + 1 + i), skip));
		__m256i k = kinds_of(l->reach, head);

		out->alone |= bits_of(k, 1) << i;
		out->first |= bits_of(k, 2) << i;
		out->second |= bits_of(k, 3) << i;
	}
}

#endif
