#ifndef DETECT_CHECK_KECCAK_H
#define DETECT_CHECK_KECCAK_H

#include <stdint.h>

#include "base/span.h"

/*
 * keccak: Keccak-256 as coins use it: the submission to the contest, not SHA3,
 * which pads in another way.
 */
#define KECCAK_256 32

void keccak_256(struct span s, uint8_t out[KECCAK_256]);

#endif
