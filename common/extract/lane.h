#ifndef EXTRACT_LANE_H
#define EXTRACT_LANE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* lane: bytes that are looked at together, of which compilers make vectors. */
typedef uint8_t lane __attribute__((vector_size(16)));

static inline lane
lane_at(const uint8_t *p)
{
	lane v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint64_t
lane_folded(lane v)
{
	uint64_t words[2];

	memcpy(words, &v, sizeof(words));
	return words[0] | words[1];
}

/* Some byte is not 0. */
static inline bool
lane_any(lane v)
{
	return lane_folded(v) != 0;
}

/* Some byte is above 0x7f. */
static inline bool
lane_high(lane v)
{
	return (lane_folded(v) & UINT64_C(0x8080808080808080)) != 0;
}

static inline unsigned
lane_sum(lane v)
{
	unsigned n = 0;

	for (unsigned i = 0; i < sizeof(v); i++)
		n += v[i];
	return n;
}

#endif
