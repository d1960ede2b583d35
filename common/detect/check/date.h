#ifndef DETECT_CHECK_DATE_H
#define DETECT_CHECK_DATE_H

#include "detect/check/check.h"

/* Days of the calendar. */
extern const struct check_op check_date_ops[];

#endif
