#ifndef DETECT_CHECK_ISO7064_H
#define DETECT_CHECK_ISO7064_H

#include "detect/check/check.h"

/* ISO/IEC 7064: pure and hybrid systems of check characters. */
extern const struct check_op check_iso7064_ops[];

check_fn check_iso7064_11_10; /* c may be NULL */

#endif
