#ifndef DETECT_REGION_ROW_H
#define DETECT_REGION_ROW_H

#include "base/span.h"
#include "detect/engine/expr.h"
#include "detect/region/region.h"
#include "detect/tile/tile.h"

/*
 * row: runs of capitals, digits and <, as the machine readable rows of travel
 * documents are. There are so few that one byte in ROW_MIN tells it.
 */
#define ROW_MIN 30

/* Each match of the expression has a row. */
bool row_takes(const struct expr *e);

/*
 * Told in order, they do not overlap, and each row lies in one of them with
 * `margin` bytes around it, as far as the text goes. False from `tell` stops;
 * row_regions() then gives false.
 */
bool row_regions(enum tile_level level, struct span text, size_t margin,
		 region_tell *tell, void *arg);

#endif
