#ifndef DETECT_DECIDE_PAYMENT_H
#define DETECT_DECIDE_PAYMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

struct data_type;
struct detect_scratch;

/*
 * payment: what stands around numbers of cards and of nothing else.
 */

/* Behind text[end) a month and year follow: " 10/31", "|09/2029". */
bool payment_expiry(struct span text, size_t end);

/*
 * All words against it that are heard near text[start, end) name something
 * else: "refund the order to 4242...", "4242... for order 7". Keys, and words
 * right beside it, are its own.
 */
bool payment_aside(const struct detect_scratch *s, const struct data_type *t,
		   size_t start, size_t end);

#endif
