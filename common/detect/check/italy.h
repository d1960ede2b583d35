#ifndef DETECT_CHECK_ITALY_H
#define DETECT_CHECK_ITALY_H

#include "detect/check/check.h"

/* The Italian tax code, and the table of letters it shares. */
extern const struct check_op check_italy_ops[];

/* The letter of the odd and even tables over s; 0 when s has others than A-Z
 * and 0-9. */
uint8_t check_italy_letter(struct span s);

#endif
