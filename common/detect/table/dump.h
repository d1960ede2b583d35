#ifndef DETECT_TABLE_DUMP_H
#define DETECT_TABLE_DUMP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

struct detect_scratch;

/*
 * dump: the tables within a dump of SQL. "COPY people (id, ssn) FROM stdin;"
 * heads the rows below it, up to a line "\."; the next block has heads of its
 * own. "INSERT INTO people (id, ssn) VALUES (...), (...)" heads its tuples
 * (tuple.h), and those of all that have the same names behind it. So the text
 * of a dump is looked at block by block.
 *
 * Which block a window begins in is known from the windows before it.
 */

/* Of the first text of a part: dumps say so in their first lines. */
bool dump_is(struct span first);

/* When a block begins or ends at text[at], its heads hold from there on. */
void dump_turn(struct detect_scratch *s, struct span text, size_t at);

/* The next place from `from` on where that may be so; `to` when there is none.
 */
size_t dump_stop(const struct detect_scratch *s, struct span text, size_t from,
		 size_t to);

/* The names between the brackets of a line of COPY; false: it is none. */
bool dump_heads(struct span line, struct span *heads);

#endif
