#ifndef BASE_HEADING_H
#define BASE_HEADING_H

#include <stdbool.h>

#include "base/span.h"

/*
 * heading: whether a cell of the first row may be the name of its column. A
 * name has a letter, and no number of four digits or more, for values have
 * these; but for a year that stands by itself ("Revenue 2023", "sales_2024")
 * and five digits at most among many letters ("rank_among_15000_downloaded").
 *
 * The cell comes without blanks and quotes around it; an empty one is none.
 */
bool heading_is(struct span cell);

#endif
