#include "detect/reach_impl.h"

#if defined(__x86_64__)

#include <immintrin.h>

/*
 * Words by their first and last letters, eight at a time. Both are written one
 * behind the other as they come, so the first of one goes with the last of one.
 */
#define TARGET                                                                 \
	__attribute__((target("avx512bw,avx512dq,avx512vl,avx512vbmi2,bmi")))

#define BATCH 512 /* taken when there are so many; one mask has 64 more */

struct batch {
	struct reach_look *look;
	uint16_t first[BATCH + 64], last[BATCH + 64];
	size_t firsts, lasts;
};

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
TARGET static inline size_t
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

/* words_head of eight words; those that are not in `in` are not read. */
TARGET static inline __m512i
heads_of(const uint8_t *text, __mmask8 in, __m512i first, __m512i count)
{
	const __m512i eight = _mm512_set1_epi64(8);
	__m512i v = _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), in,
						first, text, 1);
	__m512i n = _mm512_min_epu64(count, eight);
	__m512i beyond = _mm512_slli_epi64(_mm512_sub_epi64(eight, n), 3);
	__m512i h;

	v = _mm512_and_si512(v,
			     _mm512_srlv_epi64(_mm512_set1_epi64(-1), beyond));
	v = _mm512_or_si512(v, _mm512_set1_epi8(0x20));
	h = _mm512_mullo_epi64(
	    _mm512_add_epi64(v, count),
	    _mm512_set1_epi64((long long)UINT64_C(0x9e3779b97f4a7c15)));
	return _mm512_xor_si512(h, _mm512_srli_epi64(h, 29));
}

/* Which of them have kinds, and those. */
TARGET static inline __mmask8
kinds_of(const struct reach *r, __m512i head, __m256i *kinds)
{
	const __m256i tags = _mm256_set1_epi32(REACH_TAG);
	__m512i slot = _mm512_and_si512(_mm512_srli_epi64(head, REACH_SLOT_BIT),
					_mm512_set1_epi64(REACH_SLOTS - 1));
	__m256i e = _mm512_i64gather_epi32(slot, r->slot, 1);
	__m256i tag = _mm256_and_si256(
	    _mm512_cvtepi64_epi32(_mm512_srli_epi64(head, REACH_TAG_BIT)),
	    tags);
	__m256i has = _mm256_and_si256(e, tags);

	*kinds = _mm256_and_si256(e, _mm256_set1_epi32(REACH_KINDS));
	return (_mm256_cmpeq_epi32_mask(has, tag) |
		_mm256_cmpeq_epi32_mask(has, tags)) &
	       _mm256_test_epi32_mask(*kinds, *kinds);
}

/* Words i to i + n, n <= 8, of the batch. */
TARGET static void
take_eight(struct batch *b, size_t i, size_t n)
{
	struct reach_look *l = b->look;
	const __m512i one = _mm512_set1_epi64(1);
	__m512i first = _mm512_cvtepu16_epi64(
	    _mm_loadu_si128((const __m128i *)(const void *)(b->first + i)));
	__m512i last = _mm512_cvtepu16_epi64(
	    _mm_loadu_si128((const __m128i *)(const void *)(b->last + i)));
	__m512i count = _mm512_add_epi64(_mm512_sub_epi64(last, first), one);
	__m512i at =
	    _mm512_add_epi64(first, _mm512_set1_epi64((long long)l->at - 64));
	__mmask8 in = (__mmask8)((1U << n) - 1);
	__mmask8 room = _mm512_cmple_epi64_mask(
	    at, _mm512_set1_epi64((long long)l->text.len - 8));
	__m512i head = heads_of(l->text.ptr, in & room, at, count);
	__m256i kinds;
	unsigned some = kinds_of(l->reach, head, &kinds) & in & room;
	uint32_t kind[8];

	some |= in & (unsigned)~room;
	if (some == 0)
		return;
	_mm256_storeu_si256((__m256i *)(void *)kind, kinds);
	for (; some != 0; some &= some - 1) {
		unsigned k = (unsigned)__builtin_ctz(some);
		size_t bit = b->first[i + k];
		size_t len = (size_t)b->last[i + k] - bit + 1;
		size_t p = l->at + bit - 64;

		/* at the end of a text eight bytes cannot be read */
		if ((room >> k & 1) == 0)
			kind[k] = reach_kinds(
			    l->reach,
			    words_head(l->text.ptr + p, len, l->text.len - p));
		if (kind[k] != 0)
			reach_take(l, bit, len, kind[k]);
	}
}

/* All words whose end is known. */
static void
take_batch(struct batch *b)
{
	size_t n = b->firsts < b->lasts ? b->firsts : b->lasts;
	size_t i = 0;

	for (; i < n; i += 8)
		take_eight(b, i, n - i < 8 ? n - i : 8);
	b->first[0] = b->first[n];
	b->firsts -= n;
	b->lasts = 0;
}

/* Ends of the words in the masks' word w: letters before another's, or none. */
static uint64_t
lasts_of(const struct reach_look *l, size_t w, uint64_t starts)
{
	const struct tile_masks *m = l->m;
	uint64_t letters = m->lower[w] | m->upper[w] | m->high[w];
	uint64_t next = UINT64_C(1) << 63;

	if (w + 1 < l->words) {
		uint64_t more =
		    m->lower[w + 1] | m->upper[w + 1] | m->high[w + 1];

		next = (~more | reach_starts(m, w + 1)) << 63;
	}
	return letters & ((~letters | starts) >> 1 | next);
}

/* The last letter of a word that goes on into the masks' word w. */
static size_t
last_from(const struct reach_look *l, size_t w)
{
	for (; w < l->words; w++) {
		uint64_t lasts = lasts_of(l, w, reach_starts(l->m, w));

		if (lasts != 0)
			return w * 64 + (unsigned)__builtin_ctzll(lasts);
	}
	return l->words * 64 - 1;
}

TARGET void
reach_avx512(struct reach_look *l, const bool *near)
{
	struct batch b = {.look = l};
	bool open = false; /* a word goes on whose first letter was taken */

	for (size_t w = 0; w < l->words; w++) {
		uint64_t starts, lasts;

		if (!near[w]) {
			if (open)
				b.last[b.lasts++] = (uint16_t)last_from(l, w);
			open = false;
			continue;
		}
		starts = reach_starts(l->m, w);
		lasts = lasts_of(l, w, starts);
		if (!open && lasts != 0 &&
		    (starts == 0 || (lasts & -lasts) < (starts & -starts)))
			lasts &= lasts - 1;
		b.firsts += put_bits(b.first + b.firsts, starts, w * 64);
		b.lasts += put_bits(b.last + b.lasts, lasts, w * 64);
		open = b.firsts > b.lasts;
		if (b.firsts >= BATCH)
			take_batch(&b);
	}
	if (open)
		b.last[b.lasts++] = (uint16_t)(l->words * 64 - 1);
	take_batch(&b);
}

#endif
