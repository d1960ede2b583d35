#ifndef DETECT_CHECK_ANY_H
#define DETECT_CHECK_ANY_H

#include "detect/check/check.h"

/* Holds when one of several chains holds. */
extern const struct check_op check_any_ops[];

#endif
