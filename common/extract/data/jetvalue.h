#ifndef EXTRACT_DATA_JETVALUE_H
#define EXTRACT_DATA_JETVALUE_H

#include "extract/data/jettable.h"
#include "extract/made.h"

/*
 * jetvalue: a value of a row of Access as people would type it: numbers as
 * digits, days as 2026-11-22. Long values and binary ones are not its own.
 */
#define JET_TEXT_MAX 2048 /* bytes of a text of 255 letters, and more */

/* Its length, at most room >= JET_TEXT_MAX. */
size_t jet_value_text(const struct jet *j, const struct jet_column *c,
		      struct span value, char *dst, size_t room);

#endif
