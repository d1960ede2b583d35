#ifndef DETECT_CHECK_SPECIAL_H
#define DETECT_CHECK_SPECIAL_H

#include "detect/check/check.h"

/* Rules of one country that fit no primitive. */
extern const struct check_op check_special_ops[];

#endif
