#include "extract/spot.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))

/* What a byte below 0x80 is: class_low[low nibble] & class_high[high one]. */
#define BIT_PUNCT   0x01 /* 2x: + - / */
#define BIT_DIGIT   0x02 /* 3x */
#define BIT_LETTER  0x04 /* 4x 6x: all but the first */
#define BIT_SECOND  0x08 /* 5x 7x: to z */
#define BIT_UNDER   0x10 /* 5x: _ */
#define BIT_IN_RUN  0x1f
#define BIT_PERCENT 0x20
#define BIT_EQUAL   0x40
#define BIT_ZERO    0x80
#define BIT_OTHER   0xe0

static const uint8_t class_low[16] = {
    0x8a, 0x0e, 0x0e, 0x0e, 0x0e, 0x2e, 0x0e, 0x0e,
    0x0e, 0x0e, 0x0c, 0x05, 0x04, 0x45, 0x04, 0x15,
};
static const uint8_t class_high[16] = {
    0x80, 0, 0x21, 0x42, 0x04, 0x18, 0x04, 0x08,
};

/* One bit a byte of a block. */
struct masks {
	uint64_t in_run, high;
	uint64_t other; /* escapes and zeros */
};

INLINE struct masks
plain_masks(const uint8_t *p)
{
	struct masks m = {0, 0, 0};

	for (unsigned i = 0; i < SPOT_BLOCK; i++) {
		unsigned c = class_low[p[i] & 15] & class_high[p[i] >> 4];
		uint64_t bit = UINT64_C(1) << i;

		m.high |= p[i] > 0x7f ? bit : 0;
		m.in_run |= (c & BIT_IN_RUN) != 0 ? bit : 0;
		m.other |= (c & BIT_OTHER) != 0 ? bit : 0;
	}
	return m;
}

/* Bits where a run of n ends, of those where n - by and then `by` end. */
INLINE uint64_t
longer(uint64_t *last, uint64_t m, unsigned by)
{
	uint64_t moved = m << by | *last >> (64 - by);

	*last = m;
	return m & moved;
}

/* Bits where a run of SPOT_RUN_MIN bytes ends; the trail goes on. */
INLINE uint64_t
run_ends(struct spot_trail *t, uint64_t m)
{
	m = longer(&t->ends[0], m, 1);
	m = longer(&t->ends[1], m, 2);
	m = longer(&t->ends[2], m, 4);
	m = longer(&t->ends[3], m, 8);
	return longer(&t->ends[4], m, SPOT_RUN_MIN - 16);
}

/*
 * Every other byte of five is zero, or three behind each of two others: half of
 * SPOT_WIDE_MIN characters, as a block has them at least.
 */
INLINE uint64_t
wide(uint64_t zero)
{
	uint64_t turn = (zero ^ zero >> 1) & ~(UINT64_C(1) << 63);
	uint64_t four = ~zero & zero >> 1 & zero >> 2 & zero >> 3;

	return (turn & turn >> 1 & turn >> 2 & turn >> 3) | (four & four >> 4);
}

/*
 * A block that may be worth it, with its zeros. In line, so that it is compiled
 * for the vectors of its caller: to mix them with older ones is slow.
 */
INLINE void
note(struct spots *s, struct masks m, uint64_t run, uint64_t zero)
{
	uint64_t escapes = m.other & ~zero;
	unsigned kinds = (m.high != 0 ? SPOT_HIGH : 0) |
			 (escapes != 0 ? SPOT_ESCAPE : 0) |
			 (run != 0 ? SPOT_RUN : 0) |
			 (zero != 0 && wide(zero) != 0 ? SPOT_WIDE : 0);

	if (kinds != 0)
		s->found[s->n++] = (struct spot_block){
		    .at = s->at,
		    .escapes = escapes,
		    .runs = run,
		    .kinds = kinds,
		};
}

INLINE uint64_t
plain_zeros(const uint8_t *p)
{
	uint64_t m = 0;

	for (unsigned i = 0; i < SPOT_BLOCK; i++)
		m |= (uint64_t)(p[i] == 0) << i;
	return m;
}

/* What is left behind the last whole block, and blanks; false: nothing. */
INLINE bool
last_block(const struct spots *s, uint8_t block[SPOT_BLOCK])
{
	if (s->at >= s->text.len)
		return false;
	memset(block, ' ', SPOT_BLOCK);
	memcpy(block, s->text.ptr + s->at, s->text.len - s->at);
	return true;
}

INLINE void
end_block(struct spots *s, struct masks m, uint64_t zeros)
{
	uint64_t run = run_ends(&s->trail, m.in_run);

	note(s, m, run, zeros);
	s->at = s->text.len;
}

/* The same loop for every way to get masks. */
#define SPOT_NEXT(name, target, masks_of, zeros_of)                            \
	target static bool name(struct spots *s)                               \
	{                                                                      \
		struct spot_trail trail = s->trail;                            \
		const uint8_t *p = s->text.ptr;                                \
		size_t at = s->at, len = s->text.len;                          \
		uint8_t block[SPOT_BLOCK];                                     \
                                                                               \
		s->n = 0;                                                      \
		for (; at + SPOT_BLOCK <= len && s->n < SPOT_BATCH;            \
		     at += SPOT_BLOCK) {                                       \
			struct masks m = masks_of(p + at);                     \
			uint64_t run = run_ends(&trail, m.in_run);             \
                                                                               \
			if ((m.high | m.other | run) != 0) {                   \
				s->at = at;                                    \
				note(s, m, run, zeros_of(p + at));             \
			}                                                      \
		}                                                              \
		s->at = at;                                                    \
		s->trail = trail;                                              \
		if (s->n < SPOT_BATCH && at + SPOT_BLOCK > len &&              \
		    last_block(s, block))                                      \
			end_block(s, masks_of(block), zeros_of(block));        \
		return s->n > 0;                                               \
	}

#if defined(__x86_64__)

#define AVX2   __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx512bw,sse4.1")))

INLINE __m128i
table(const uint8_t t[16])
{
	return _mm_loadu_si128((const void *)t);
}

AVX2 INLINE uint64_t
two_masks(__m256i a, __m256i b)
{
	return (uint32_t)_mm256_movemask_epi8(a) |
	       (uint64_t)(uint32_t)_mm256_movemask_epi8(b) << 32;
}

/* High bytes come out as 0 of the first look-up. */
AVX2 INLINE __m256i
avx2_classes(__m256i v)
{
	__m256i low = _mm256_broadcastsi128_si256(table(class_low));
	__m256i high = _mm256_broadcastsi128_si256(table(class_high));
	__m256i upper =
	    _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(15));

	return _mm256_and_si256(_mm256_shuffle_epi8(low, v),
				_mm256_shuffle_epi8(high, upper));
}

AVX2 INLINE struct masks
avx2_masks(const uint8_t *p)
{
	__m256i a = _mm256_loadu_si256((const void *)p);
	__m256i b = _mm256_loadu_si256((const void *)(p + 32));
	__m256i ca = avx2_classes(a), cb = avx2_classes(b);
	__m256i zero = _mm256_setzero_si256();
	__m256i run = _mm256_set1_epi8(BIT_IN_RUN);
	__m256i escape = _mm256_set1_epi8(BIT_PERCENT); /* and above */

	return (struct masks){
	    .in_run =
		~two_masks(_mm256_cmpeq_epi8(_mm256_and_si256(ca, run), zero),
			   _mm256_cmpeq_epi8(_mm256_and_si256(cb, run), zero)),
	    .other =
		two_masks(_mm256_cmpeq_epi8(_mm256_max_epu8(ca, escape), ca),
			  _mm256_cmpeq_epi8(_mm256_max_epu8(cb, escape), cb)),
	    .high = two_masks(a, b),
	};
}

AVX2 INLINE uint64_t
avx2_zeros(const uint8_t *p)
{
	__m256i zero = _mm256_setzero_si256();

	return two_masks(
	    _mm256_cmpeq_epi8(_mm256_loadu_si256((const void *)p), zero),
	    _mm256_cmpeq_epi8(_mm256_loadu_si256((const void *)(p + 32)),
			      zero));
}

AVX512 INLINE uint64_t
avx512_zeros(const uint8_t *p)
{
	__m512i v = _mm512_loadu_si512((const void *)p);

	return _mm512_testn_epi8_mask(v, v);
}

AVX512 INLINE struct masks
avx512_masks(const uint8_t *p)
{
	__m512i low = _mm512_broadcast_i32x4(table(class_low));
	__m512i high = _mm512_broadcast_i32x4(table(class_high));
	__m512i v = _mm512_loadu_si512((const void *)p);
	__m512i upper =
	    _mm512_and_si512(_mm512_srli_epi16(v, 4), _mm512_set1_epi8(15));
	__m512i c = _mm512_and_si512(_mm512_shuffle_epi8(low, v),
				     _mm512_shuffle_epi8(high, upper));

	return (struct masks){
	    .in_run = _mm512_test_epi8_mask(c, _mm512_set1_epi8(BIT_IN_RUN)),
	    .other =
		_mm512_test_epi8_mask(c, _mm512_set1_epi8((char)BIT_OTHER)),
	    .high = _mm512_movepi8_mask(v),
	};
}

SPOT_NEXT(rest_avx512, AVX512, avx512_masks, avx512_zeros)
SPOT_NEXT(next_avx2, AVX2, avx2_masks, avx2_zeros)

#define LANES 8 /* blocks that are looked at together */

/* Each bit where `m` has one `by` bytes before, over the lanes, and m too. */
#define LONGER(last, m, by)                                                    \
	_mm512_and_si512(                                                      \
	    m,                                                                 \
	    _mm512_or_si512(_mm512_slli_epi64(m, by),                          \
			    _mm512_srli_epi64(_mm512_alignr_epi64(m, last, 7), \
					      64 - (by))))

/* The trail of one block as that of lanes before; the other way round. */
AVX512 INLINE __m512i
last_lane(uint64_t ends)
{
	return _mm512_set_epi64((long long)ends, 0, 0, 0, 0, 0, 0, 0);
}

/* Some run ends in these blocks; the trail goes on. */
AVX512 INLINE bool
run_in_lanes(__m512i trail[SPOT_TRAIL], __m512i m)
{
	__m512i next;

	next = LONGER(trail[0], m, 1);
	trail[0] = m;
	m = LONGER(trail[1], next, 2);
	trail[1] = next;
	next = LONGER(trail[2], m, 4);
	trail[2] = m;
	m = LONGER(trail[3], next, 8);
	trail[3] = next;
	next = LONGER(trail[4], m, SPOT_RUN_MIN - 16);
	trail[4] = m;
	return _mm512_test_epi64_mask(next, next) != 0;
}

/* Blocks without a spot are passed by LANES; the rest is looked at singly. */
AVX512 static void
pass_avx512(struct spots *s)
{
	__m512i low = _mm512_broadcast_i32x4(table(class_low));
	__m512i high = _mm512_broadcast_i32x4(table(class_high));
	__m512i nibble = _mm512_set1_epi8(15);
	__m512i run = _mm512_set1_epi8(BIT_IN_RUN);
	__m512i stops = _mm512_set1_epi8((char)BIT_OTHER);
	__m512i trail[SPOT_TRAIL], past[SPOT_TRAIL];

	for (unsigned i = 0; i < SPOT_TRAIL; i++)
		trail[i] = past[i] = last_lane(s->trail.ends[i]);
	while (s->text.len - s->at >= LANES * SPOT_BLOCK) {
		const uint8_t *p = s->text.ptr + s->at;
		__m512i tops = _mm512_setzero_si512(), classes = tops;
		uint64_t in_run[LANES];

#pragma GCC unroll 8
		for (unsigned i = 0; i < LANES; i++) {
			__m512i v = _mm512_loadu_si512(
			    (const void *)(p + i * SPOT_BLOCK));
			__m512i c = _mm512_and_si512(
			    _mm512_shuffle_epi8(low, v),
			    _mm512_shuffle_epi8(
				high, _mm512_and_si512(_mm512_srli_epi16(v, 4),
						       nibble)));

			tops = _mm512_or_si512(tops, v);
			classes = _mm512_or_si512(classes, c);
			in_run[i] = _mm512_test_epi8_mask(c, run);
		}
		if (run_in_lanes(trail, _mm512_loadu_si512(in_run)) ||
		    _mm512_movepi8_mask(tops) != 0 ||
		    _mm512_test_epi8_mask(classes, stops) != 0)
			break;
		for (unsigned i = 0; i < SPOT_TRAIL; i++)
			past[i] = trail[i];
		s->at += LANES * SPOT_BLOCK;
	}
	for (unsigned i = 0; i < SPOT_TRAIL; i++)
		s->trail.ends[i] = (uint64_t)_mm_extract_epi64(
		    _mm512_extracti32x4_epi32(past[i], 3), 1);
}

/* Where there is a spot, the next blocks are looked at singly. */
static bool
next_avx512(struct spots *s)
{
	struct span all = s->text;
	bool found = false;

	while (!found && s->at < all.len) {
		pass_avx512(s);
		if (all.len - s->at > LANES * SPOT_BLOCK)
			s->text.len = s->at + LANES * SPOT_BLOCK;
		found = rest_avx512(s);
		s->text = all;
	}
	return found;
}

#endif

SPOT_NEXT(next_plain, , plain_masks, plain_zeros)

void
spot_begin(struct spots *s, struct span text, size_t at)
{
	s->text = text;
	s->at = at - at % SPOT_BLOCK;
	s->n = 0;
	s->trail = (struct spot_trail){{0}};
	if (s->at > 0)
		(void)run_ends(
		    &s->trail,
		    plain_masks(text.ptr + s->at - SPOT_BLOCK).in_run);
}

spot_next *
spot_version(unsigned i)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx512bw") && i-- == 0)
		return next_avx512;
	if (__builtin_cpu_supports("avx2") && i-- == 0)
		return next_avx2;
#endif
	return i == 0 ? next_plain : NULL;
}

spot_next *
spot_best(void)
{
	return spot_version(0);
}
