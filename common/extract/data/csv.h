#ifndef EXTRACT_DATA_CSV_H
#define EXTRACT_DATA_CSV_H

#include "extract/data/track.h"

/*
 * csv: rows of cells parted by commas, semicolons, tabs or bars, quoted or not:
 * "row 88 card". Rows count as a spreadsheet does, the heads of columns are
 * row 1; a column without a name is "column 3".
 */
bool csv_is(struct format_look *l);
extern const struct track_kind csv_places;

#endif
