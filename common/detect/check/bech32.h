#ifndef DETECT_CHECK_BECH32_H
#define DETECT_CHECK_BECH32_H

#include "detect/check/check.h"

/* Addresses in bech32: BIP-173, BIP-350. */
extern const struct check_op check_bech32_ops[];

#endif
