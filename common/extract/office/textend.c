#include "extract/office/textend.h"

#include <stddef.h>
#include <string.h>

#include "extract/office/xmlscan.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define INLINE static inline __attribute__((always_inline))
#define AVX2   __attribute__((target("avx2,bmi")))
#define AVX512 __attribute__((target("avx512bw,bmi")))
#define STEP   128 /* bytes that are looked at together */

/* One bit a byte. */
struct ends {
	uint64_t low, high;
};

/* The first bit; STEP: there is none. Without a branch, as it is anywhere. */
AVX2 INLINE size_t
first_of(struct ends e)
{
	size_t low = (size_t)_tzcnt_u64(e.low);
	size_t high = (size_t)_tzcnt_u64(e.high);

	return low + (high & -(size_t)(low == 64));
}

AVX2 INLINE uint64_t
ends_avx2(__m256i a, __m256i b)
{
	/* each of the three stands at the place of its lower half */
	const __m256i those = _mm256_broadcastsi128_si256(_mm_setr_epi8(
	    1, 0, 0, 0, 0, 0, '&', 0, 0, 0, 0, 0, '<', '\r', 0, 0));
	unsigned low = (unsigned)_mm256_movemask_epi8(
	    _mm256_cmpeq_epi8(_mm256_shuffle_epi8(those, a), a));
	unsigned high = (unsigned)_mm256_movemask_epi8(
	    _mm256_cmpeq_epi8(_mm256_shuffle_epi8(those, b), b));

	return low | (uint64_t)high << 32;
}

AVX512 INLINE uint64_t
ends_avx512(__m512i v)
{
	return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('<')) |
	       _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('&')) |
	       _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\r'));
}

/* STEP bytes at p, copied when there is a place; where the first end is. */
AVX2 INLINE size_t
step_avx2(uint8_t *to, const uint8_t *p)
{
	__m256i v[4];

	memcpy(v, p, sizeof(v));
	if (to != NULL)
		memcpy(to, v, sizeof(v));
	return first_of(
	    (struct ends){ends_avx2(v[0], v[1]), ends_avx2(v[2], v[3])});
}

AVX512 INLINE size_t
step_avx512(uint8_t *to, const uint8_t *p)
{
	__m512i a = _mm512_loadu_si512(p), b = _mm512_loadu_si512(p + 64);

	if (to != NULL) {
		_mm512_storeu_si512(to, a);
		_mm512_storeu_si512(to + 64, b);
	}
	return first_of((struct ends){ends_avx512(a), ends_avx512(b)});
}

/* The same for each kind of vectors. */
#define FIND(name, target, step)                                               \
	target static const uint8_t *name(const uint8_t *p,                    \
					  const uint8_t *end)                  \
	{                                                                      \
		for (; end - p >= STEP; p += STEP) {                           \
			size_t n = step(NULL, p);                              \
                                                                               \
			if (n < STEP)                                          \
				return p + n;                                  \
		}                                                              \
		return scan_text(p, end);                                      \
	}

#define COPY(name, target, step)                                               \
	target static const uint8_t *name(uint8_t *to, const uint8_t *p,       \
					  const uint8_t *end)                  \
	{                                                                      \
		for (; end - p >= STEP; p += STEP, to += STEP) {               \
			size_t n = step(to, p);                                \
                                                                               \
			if (n < STEP)                                          \
				return p + n;                                  \
		}                                                              \
		return scan_copy(to, p, end);                                  \
	}

FIND(find_avx2, AVX2, step_avx2)
COPY(copy_avx2, AVX2, step_avx2)
FIND(find_avx512, AVX512, step_avx512)
COPY(copy_avx512, AVX512, step_avx512)
#endif

static const uint8_t *
find_plain(const uint8_t *p, const uint8_t *end)
{
	return scan_text(p, end);
}

static const uint8_t *
copy_plain(uint8_t *to, const uint8_t *p, const uint8_t *end)
{
	return scan_copy(to, p, end);
}

const struct text_end *
text_end_version(unsigned i)
{
	static const struct text_end plain = {find_plain, copy_plain};
#if defined(__x86_64__)
	static const struct text_end avx2 = {find_avx2, copy_avx2};
	static const struct text_end avx512 = {find_avx512, copy_avx512};

	/* what has either has bmi, too */
	if (__builtin_cpu_supports("avx512bw") && i-- == 0)
		return &avx512;
	if (__builtin_cpu_supports("avx2") && i-- == 0)
		return &avx2;
#endif
	return i == 0 ? &plain : NULL;
}

const struct text_end *
text_end_best(void)
{
	return text_end_version(0);
}
