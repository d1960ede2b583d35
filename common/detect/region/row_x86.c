#include "detect/region/row_impl.h"

#if defined(__x86_64__)

#include <immintrin.h>

__attribute__((target("avx2"))) static inline __m256i
range_avx2(__m256i x, char low, char span)
{
	__m256i y = _mm256_sub_epi8(x, _mm256_set1_epi8(low));

	return _mm256_cmpeq_epi8(_mm256_min_epu8(y, _mm256_set1_epi8(span)), y);
}

/* Capitals, digits and < of 32 bytes. */
__attribute__((target("avx2"))) static inline uint64_t
rows_avx2(const uint8_t *p)
{
	const void *v = p;
	__m256i x = _mm256_loadu_si256(v);
	__m256i all = _mm256_or_si256(
	    _mm256_or_si256(range_avx2(x, 'A', 25), range_avx2(x, '0', 9)),
	    _mm256_cmpeq_epi8(x, _mm256_set1_epi8('<')));

	return (uint64_t)(uint32_t)_mm256_movemask_epi8(all);
}

__attribute__((target("avx2"))) size_t
row_block_avx2(const uint8_t *p, size_t blocks)
{
	for (size_t b = 0; b < blocks; b++, p += ROW_BLOCK)
		if (row_pieces(rows_avx2(p) | rows_avx2(p + 32) << 32) != 0)
			return b;
	return blocks;
}

__attribute__((target("avx512bw"))) static inline uint64_t
range_avx512(__m512i x, char low, char span)
{
	return _mm512_cmple_epu8_mask(_mm512_sub_epi8(x, _mm512_set1_epi8(low)),
				      _mm512_set1_epi8(span));
}

__attribute__((target("avx512bw"))) size_t
row_block_avx512(const uint8_t *p, size_t blocks)
{
	for (size_t b = 0; b < blocks; b++, p += ROW_BLOCK) {
		__m512i x = _mm512_loadu_si512(p);
		uint64_t m = range_avx512(x, 'A', 25) |
			     range_avx512(x, '0', 9) |
			     _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8('<'));

		if (row_pieces(m) != 0)
			return b;
	}
	return blocks;
}

#endif
