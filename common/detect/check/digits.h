#ifndef DETECT_CHECK_DIGITS_H
#define DETECT_CHECK_DIGITS_H

#include "detect/check/check.h"

/* Check digits of whole values: Luhn, Verhoeff, Damm; values nobody has. */
extern const struct check_op check_digits_ops[];

/* In base ten, over the whole value; c may be NULL. */
check_fn check_luhn;

/* Fails when all bytes are the same, or there are none. */
check_fn check_not_all_same;

#endif
