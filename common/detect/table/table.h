#ifndef DETECT_TABLE_TABLE_H
#define DETECT_TABLE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * table: whether a text begins as a table, by its first lines: as many cells in
 * each, joined by tabs, commas, semicolons or bars, and maybe heads above them.
 * A line of COPY (dump.h) has heads for rows joined by tabs, INSERT (tuple.h)
 * has heads and no rows.
 * A list of one value a line is a table of one column.
 */
#define TABLE_ROWS 24 /* that are kept */
#define TABLE_NAME 64 /* bytes of the longest head */

struct table {
	uint8_t delimiter; /* 0: one column */
	uint8_t parts;     /* what joins the heads: most often the same */
	struct span heads; /* the line, without its end; empty: none */
	struct span rows[TABLE_ROWS]; /* behind the heads */
	size_t count;
};

/* Only the first DETECT_TABLE bytes of the text are read. */
void table_read(struct span text, struct table *out);

/* The next cell of a row, which is shortened by it; false behind the last. */
bool table_cell(struct span *row, uint8_t delimiter, struct span *cell);

/*
 * The words of a head, small and with one space between them: "Last_Name 2",
 * lastName and LAST-NAME are "last name". Gives how many bytes of `out` that
 * is.
 */
size_t table_head(struct span cell, char out[TABLE_NAME]);

/* Without blanks and quotes around it, nor the key that JSON has before it. */
struct span table_bare(struct span cell);

#endif
