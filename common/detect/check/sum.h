#ifndef DETECT_CHECK_SUM_H
#define DETECT_CHECK_SUM_H

#include "detect/check/check.h"

/* Weighted sums, and decimal numbers modulo something. */
extern const struct check_op check_sum_ops[];

#endif
