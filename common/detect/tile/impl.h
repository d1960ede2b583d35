#ifndef DETECT_TILE_IMPL_H
#define DETECT_TILE_IMPL_H

#include "detect/tile/tile.h"

/*
 * tile_impl: one function a level, each in its own file. p has 64 * words
 * readable bytes; the masks go to m->...[first] and behind.
 */
typedef void tile_fn(const uint8_t *p, size_t words, struct tile_masks *m,
		     size_t first);

tile_fn tile_scalar;
#if defined(__x86_64__)
tile_fn tile_sse2;
tile_fn tile_avx2;
tile_fn tile_avx512;
/* of 64 bytes */
typedef void tile_words_fn(const uint8_t *p, struct tile_words *out);
tile_words_fn tile_words_sse2;
tile_words_fn tile_words_avx2;
tile_words_fn tile_words_avx512;
#endif

#endif
