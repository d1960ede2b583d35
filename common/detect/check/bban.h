#ifndef DETECT_CHECK_BBAN_H
#define DETECT_CHECK_BBAN_H

#include "detect/check/check.h"

/* What stands in the national part of an IBAN. */
extern const struct check_op check_bban_ops[];

#endif
