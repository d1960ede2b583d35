#define LANES 1
#define TARGET
#define STARTS starts_scalar
#include "detect/tile/starts_body.h"

void
tile_starts(enum tile_level level, const struct tile_masks *m, size_t words,
	    const struct start_plan *plan, struct tile_starts *out)
{
	starts_fn *fill = starts_scalar;

#if defined(__x86_64__)
	if (level == TILE_SSE2)
		fill = starts_sse2;
	else if (level == TILE_AVX2)
		fill = starts_avx2;
	else if (level == TILE_AVX512)
		fill = starts_avx512;
#else
	(void)level;
#endif
	fill(m, words, plan, out);
	for (unsigned k = 0; k < START_KINDS; k++)
		if ((plan->kinds >> k & 1) == 0)
			memset(out->of[k], 0, (words + 1) * sizeof(uint64_t));
}
