#ifndef DETECT_TILE_STARTS_IMPL_H
#define DETECT_TILE_STARTS_IMPL_H

#include "detect/tile/starts.h"

/* starts_impl: one function a level, each in its own file. */

/* Bits of the kinds that have digits, and of those in rows of letters. */
#define START_DIGITS ((2U << START_QUAD) - 1)
#define START_ROWS                                                             \
	(1U << START_SEED | 1U << START_RUN | 1U << START_PAIRS |              \
	 1U << START_FOURS)

typedef void starts_fn(const struct tile_masks *m, size_t words,
		       const struct start_plan *plan, struct tile_starts *out);

starts_fn starts_scalar;
#if defined(__x86_64__)
starts_fn starts_sse2;
starts_fn starts_avx2;
starts_fn starts_avx512;
#endif

#endif
