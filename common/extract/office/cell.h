#ifndef EXTRACT_OFFICE_CELL_H
#define EXTRACT_OFFICE_CELL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "extract/made.h"

/*
 * cell: the rows of a sheet as text, a tab between cells, each cell with its
 * address. The first rows without a number are taken for heads of columns.
 */
enum cell_part { /* of a cell, or of the sheet; in mark.b */
		 CELL_VALUE,
		 CELL_FORMULA,
		 CELL_COMMENT,
		 CELL_SHEET, /* no cell's: validation, names */
		 CELL_HEADER,
};

#define CELL_NAME   256
#define CELL_HEADS  20 /* rows in which heads may stand */
#define CELL_COLUMN 0xffffu

struct cell_sheet {
	char name[CELL_NAME];
	struct made *m;
	uint32_t row, column; /* of the next cell, from 0 */
	uint32_t rows;        /* that had something */
	bool open, number;    /* the row has a cell; one that is a number */
	bool heads;           /* still looked for */
	struct buf head, later;
};

NODISCARD enum status cell_begin(struct cell_sheet *s, struct extractor *x,
				 struct span name);
NODISCARD enum status cell_end(struct cell_sheet *s);

/* The cell at row and column of the sheet holds that; rows in order. */
void cell_put(struct cell_sheet *s, uint32_t row, uint32_t column,
	      struct span text, bool number);
void cell_row_end(struct cell_sheet *s);
/* Text of another part of a cell; between rows it goes out at once. */
void cell_also(struct cell_sheet *s, enum cell_part part, uint32_t row,
	       uint32_t column, struct span text);

/* "C14" to row 13, column 2; false: no address. */
bool cell_address(const char *s, uint32_t *row, uint32_t *column);

#endif
