#ifndef DETECT_CHECK_EIP55_H
#define DETECT_CHECK_EIP55_H

#include "detect/check/check.h"

/* Addresses whose capitals are a checksum: EIP-55. */
extern const struct check_op check_eip55_ops[];

#endif
