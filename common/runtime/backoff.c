#include "runtime/backoff.h"

#include "crypto/random.h"

uint64_t
backoff_next(struct backoff *b, uint64_t hint_ms)
{
	uint64_t top = b->base_ms;

	for (unsigned i = 0; i < b->tries && top < b->cap_ms; i++)
		top *= 2;
	if (top > b->cap_ms)
		top = b->cap_ms;
	if (b->tries < 63)
		b->tries++;
	return hint_ms + random_below(top + 1);
}

void
backoff_reset(struct backoff *b)
{
	b->tries = 0;
}
