#ifndef DETECT_ID_SIFT_H
#define DETECT_ID_SIFT_H

#include "detect/id/grow.h"

/*
 * id_sift: what eight bytes tell of a stretch that begins with them, by one
 * look into a table. Each is a digit, another letter, a space or one of - / +,
 * or anything else: two bits, as masks have them.
 */
#define ID_SIFT_STATES ((size_t)1 << 16)

/*
 * Flags of a state: whether a shape of each tree may begin so, where the first
 * letter is a capital, or there is none; and from ID_SIFT_SMALL bits on where
 * it is a small one.
 */
#define ID_SIFT_ALL    1U
#define ID_SIFT_STRONG 2U
#define ID_SIFT_SMALL  2

/* digits: of what is no letter, also those of space - / + */
static inline unsigned
id_sift_state(uint64_t word, uint64_t digits)
{
	return (unsigned)(word & 255) | (unsigned)(digits & 255) << 8;
}

NODISCARD enum status id_sift_build(const struct building *b, struct arena *a,
				    const uint8_t **out);

#endif
