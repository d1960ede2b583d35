#ifndef DETECT_CHECK_BIP39_H
#define DETECT_CHECK_BIP39_H

#include "detect/check/check.h"

/* Seeds of words: BIP-39. */
extern const struct check_op check_bip39_ops[];

#endif
