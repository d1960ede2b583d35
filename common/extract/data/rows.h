#ifndef EXTRACT_DATA_ROWS_H
#define EXTRACT_DATA_ROWS_H

#include "extract/job.h"

/*
 * A table of a database as its source streams it (model/rows.h). Places are
 * "row 88 card, key 42": the key as the table has it, left out when it could
 * itself be what is looked for (nine digits or more, or long). Cells of bytes
 * are read as members; what is not as counted is noted.
 */
NODISCARD enum status rows_part(struct extractor *x, struct part *p);

#endif
