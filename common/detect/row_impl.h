#ifndef DETECT_ROW_IMPL_H
#define DETECT_ROW_IMPL_H

#include <stddef.h>
#include <stdint.h>

/* row_impl: where rows may be, by vectors. */
#define ROW_BLOCK 64
/* Of a row that lies in two blocks, one has at least so many bytes. */
#define ROW_PIECE 15

/* Bits that begin so many in a row. */
static inline uint64_t
row_pieces(uint64_t m)
{
	m &= m >> 1;
	m &= m >> 2;
	m &= m >> 4;
	return m & m >> (ROW_PIECE - 8);
}

#if defined(__x86_64__)
/* The first of p's blocks that has a piece of a row, or `blocks`. */
size_t row_block_avx2(const uint8_t *p, size_t blocks);
size_t row_block_avx512(const uint8_t *p, size_t blocks);
#endif

#endif
