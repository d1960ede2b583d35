/*
 * xls: workbooks of Excel 5 to 2003 ([MS-XLS]). Each sheet is a text of rows,
 * with the addresses of its cells; hidden ones are sheets like others. Records
 * that are no cells, and shared strings that no cell has any more, come last.
 *
 * `xlsbook` reads the workbook's own records ahead, `xlssheet` those of a
 * sheet, `xlsplace` says where something stands, `xlsrest` reads what was no
 * text, `xls` goes through it all.
 */
#ifndef EXTRACT_OLE_XLS_IMPL_H
#define EXTRACT_OLE_XLS_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "extract/job.h"
#include "extract/made.h"
#include "extract/mail/chars.h"
#include "extract/ole/biff.h"

#define SHEET_NAME 256

enum what { CELL, COMMENT, HEADER, FOOTER, TEXT_BOX, NOWHERE };

struct sheet {
	uint32_t at; /* of its first record */
	size_t name; /* of its record, in the stream */
};

struct note {
	uint32_t sheet;
	uint16_t object, row, column;
};

/* Where a string begins, and where its record ends. */
struct place {
	uint32_t at, end;
};

struct xls {
	struct extractor *x;
	struct span stream;
	struct chars_page *page; /* of BIFF5 */
	bool wide;               /* BIFF8: strings may be UTF-16 */
	bool encrypted;
	struct sheet *sheets;
	size_t sheet_count;
	struct place *strings; /* the shared ones */
	uint8_t *used;         /* a bit each: a cell has it */
	size_t string_count;
	struct note *notes;
	size_t note_count;
	/* the sheet that is read */
	struct made *made;
	uint32_t sheet; /* its number, counted as they come */
	char name[SHEET_NAME];
	size_t name_len;
	uint32_t row;
	bool any;        /* a cell was put */
	uint16_t object; /* whose text comes */
	bool cut;
};

/* What must be known before the cells are read. */
void xls_look_ahead(struct xls *w);
/* The name of the sheet whose records begin here. */
void xls_name_sheet(struct xls *w, size_t begin);

/* As made_begin() has it. */
size_t xls_place(const void *arg, const struct made_mark *m, char *dst,
		 size_t room);
static inline void
xls_mark(struct xls *w, enum what what, uint32_t a, uint32_t b)
{
	made_mark(w->made, a, (uint32_t)what << 16 | (b & 0xffff));
}

/* From its BOF to its EOF; charts within have theirs. */
enum status xls_sheet(struct xls *w, struct biff *b);
/* The shared string of that number, as far as time goes. */
void xls_shared(struct xls *w, uint32_t i);

/* Records that did not go out as text, as a member called `name`. */
enum status xls_rest(struct xls *w, struct span name);

#endif
