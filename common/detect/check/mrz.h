#ifndef DETECT_CHECK_MRZ_H
#define DETECT_CHECK_MRZ_H

#include "detect/check/check.h"

/* Machine readable zones: ICAO Doc 9303 parts 4 to 7. */
extern const struct check_op check_mrz_ops[];

#endif
