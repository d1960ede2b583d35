#ifndef DETECT_CHECK_LIST_H
#define DETECT_CHECK_LIST_H

#include "detect/check/check.h"

/* Ranges of numbers and lists of codes. */
extern const struct check_op check_list_ops[];

#endif
