#ifndef DETECT_CHECK_DIGITS_H
#define DETECT_CHECK_DIGITS_H

#include "detect/check.h"

/* Check digits and ranges of numbers. */
check_fn check_luhn;
check_fn check_iso7064_97_10; /* the whole, rotated by four: as in an IBAN */
check_fn check_us_ssn;        /* nine digits */
check_fn check_not_all_same;

#endif
