#ifndef DETECT_CHECK_SECRET_H
#define DETECT_CHECK_SECRET_H

#include "detect/check/check.h"

/* Structure of tokens, keys and passwords. */
extern const struct check_op check_secret_ops[];

#endif
