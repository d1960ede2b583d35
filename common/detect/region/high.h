#ifndef DETECT_REGION_HIGH_H
#define DETECT_REGION_HIGH_H

#include "base/span.h"
#include "detect/engine/expr.h"
#include "detect/region/region.h"

/*
 * high: bytes beyond ASCII. Most texts have none or few, and of an expression
 * whose matches all have one nothing is found elsewhere.
 */
/* Each match of the expression has such a byte. */
bool high_takes(const struct expr *e);

/*
 * Told in order, they do not overlap, and each such byte lies in one of them
 * with `margin` bytes around it, as far as the text goes. False from `tell`
 * stops; high_regions() then gives false.
 */
bool high_regions(struct span text, size_t margin, region_tell *tell,
		  void *arg);

#endif
