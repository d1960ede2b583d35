#define TARGET
#define REACH reach_scalar
#define STEP  1
#include "detect/words/reach_body.h"

/* A bit at a time. */
BODY size_t
put_bits(uint16_t *to, uint64_t bits, size_t base)
{
	size_t n = 0;

	for (; bits != 0; bits &= bits - 1)
		to[n++] = (uint16_t)(base + (unsigned)__builtin_ctzll(bits));
	return n;
}

BODY void
put(struct reach_list *ws, uint64_t firsts, uint64_t lasts, size_t base)
{
	ws->firsts += put_bits(ws->first + 1 + ws->firsts, firsts, base);
	ws->lasts += put_bits(ws->last + 1 + ws->lasts, lasts, base);
}

BODY void
kinds(const struct reach_look *l, const struct reach_words *ws,
      struct reach_kinds *out)
{
	*out = (struct reach_kinds){.alone = 0};
	reach_slow_kinds(l, ws, 0, out);
}
