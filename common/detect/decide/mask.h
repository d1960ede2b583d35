#ifndef DETECT_DECIDE_MASK_H
#define DETECT_DECIDE_MASK_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "detect/catalogue/type.h"

/*
 * mask: what of a match may be shown. Pure; the result is UTF-8 on one line.
 *
 * However a rule is written, at least MASK_HIDDEN letters and digits of a value
 * stay hidden, and never more than half of it is shown but for card numbers
 * (PCI DSS 3.4.1: first six and last four at most).
 */
#define MASK_HIDDEN 5
#define MASK_ROOM   192 /* bytes that any result fits in */

#define MASK_DOT     "\xe2\x80\xa2" /* U+2022 */
#define MASK_DOT_LEN 3

/* out has MASK_ROOM bytes; gives how many are written. */
size_t mask_value(const struct mask_rule *rule, struct span raw, uint8_t *out);

#endif
