#ifndef RUNTIME_BACKOFF_H
#define RUNTIME_BACKOFF_H

#include <stdint.h>

/*
 * backoff: how long to wait before the next try, with full jitter: a random
 * time below base * 2^tries, which is at most cap. A thousand agents that lost
 * their master at once come back spread out.
 */
struct backoff {
	uint64_t base_ms, cap_ms;
	unsigned tries;
};

/*
 * The wait before the next try; counts it. The hint of the other side (0: none)
 * is a lower bound and the jitter comes on top.
 */
uint64_t backoff_next(struct backoff *b, uint64_t hint_ms);

void backoff_reset(struct backoff *b);

#endif
