#ifndef DETECT_REGION_ROW_IMPL_H
#define DETECT_REGION_ROW_IMPL_H

#include <stddef.h>
#include <stdint.h>

/* row_impl: where rows may be, by vectors. */
#define ROW_BLOCK 64
/* Of a row that lies in two blocks, one has at least so many bytes. */
#define ROW_PIECE 15

/*
 * Not 0 where a row may be: at an end of the block a piece of one does, between
 * them it is whole.
 */
static inline uint64_t
row_pieces(uint64_t m)
{
	m &= m >> 1;
	m &= m >> 2;
	m &= m >> 4;
	m &= m >> (ROW_PIECE - 8);
	return m & (m >> ROW_PIECE | 1 | UINT64_C(1) << (64 - ROW_PIECE));
}

#if defined(__x86_64__)
/* The first of p's blocks that has a piece of a row, or `blocks`. */
size_t row_block_avx2(const uint8_t *p, size_t blocks);
size_t row_block_avx512(const uint8_t *p, size_t blocks);
#endif

#endif
