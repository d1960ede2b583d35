#ifndef DETECT_CHECK_COIN_H
#define DETECT_CHECK_COIN_H

#include "detect/check.h"

/* Addresses and keys of coins: base58, bech32, EIP-55, seeds of words. */
extern const struct check_op check_coin_ops[];

#endif
