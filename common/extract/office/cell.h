#ifndef EXTRACT_OFFICE_CELL_H
#define EXTRACT_OFFICE_CELL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "extract/made.h"

/*
 * cell: the rows of a sheet as text, a tab between cells, each cell with its
 * address. What else is said of a cell (comments, formulas) stands behind the
 * rows, as far as it can be kept until then.
 */
enum cell_part { /* of a cell, or of the sheet; in mark.b */
		 CELL_VALUE,
		 CELL_FORMULA,
		 CELL_COMMENT,
		 CELL_SHEET, /* no cell's: validation, names */
		 CELL_HEADER,
};

#define CELL_NAME   256
#define CELL_COLUMN 0xffffu

struct cell_sheet {
	char name[CELL_NAME];
	struct made *m;
	uint32_t row, column; /* of the next cell, from 0 */
	bool open;            /* the row has a cell */
	struct buf later;
};

NODISCARD enum status cell_begin(struct cell_sheet *s, struct extractor *x,
				 struct span name);
NODISCARD enum status cell_end(struct cell_sheet *s);

/* The cell at row and column of the sheet holds that; rows in order. */
void cell_put(struct cell_sheet *s, uint32_t row, uint32_t column,
	      struct span text);
/* The same of text without a line end. */
void cell_put_line(struct cell_sheet *s, uint32_t row, uint32_t column,
		   struct span text);
void cell_row_end(struct cell_sheet *s);
/* Text of another part of a cell. */
void cell_also(struct cell_sheet *s, enum cell_part part, uint32_t row,
	       uint32_t column, struct span text);

/* "C14" to row 13, column 2; false: no address. */
bool cell_address(struct span a, uint32_t *row, uint32_t *column);

#endif
