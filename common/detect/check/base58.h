#ifndef DETECT_CHECK_BASE58_H
#define DETECT_CHECK_BASE58_H

#include "detect/check/check.h"

/* Addresses and keys in base58 with their checksums. */
extern const struct check_op check_base58_ops[];

#endif
