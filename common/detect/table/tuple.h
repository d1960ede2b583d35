#ifndef DETECT_TABLE_TUPLE_H
#define DETECT_TABLE_TUPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

struct detect_scratch;

/*
 * tuple: which column of INSERT a value belongs to: "... VALUES (1, 'a'), (2,
 * 'b')". Columns are counted anew at each bracket behind VALUES or behind
 * another tuple, whatever stood before, so that it does not matter where one
 * begins to read. Limit: COLUMNS_REACH bytes of a tuple.
 */

/* Of the value at text[at]; COLUMN_NONE: in no tuple. */
uint16_t tuple_column(struct detect_scratch *s, size_t at);

/* The value that begins at text[at], without blanks and quotes around it. */
bool tuple_cell(const struct detect_scratch *s, size_t at, size_t most,
		struct span *cell);

/*
 * Of a text that begins as INSERT INTO does: the names between its brackets,
 * which are empty when it has none, and all up to its values.
 */
bool tuple_heads(struct span text, struct span *heads, struct span *command);

#endif
