#ifndef EXTRACT_OLE_BIFF_H
#define EXTRACT_OLE_BIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "extract/ole/oletext.h"

/*
 * biff: the records of a workbook ([MS-XLS]) and the strings in them, which
 * may go on in the records behind (CONTINUE), each piece in its own width.
 */
enum biff_type {
	BIFF_FORMULA = 0x0006,
	BIFF_EOF = 0x000a,
	BIFF_HEADER = 0x0014,
	BIFF_FOOTER = 0x0015,
	BIFF_NOTE = 0x001c,
	BIFF_FILEPASS = 0x002f,
	BIFF_CONTINUE = 0x003c,
	BIFF_CODEPAGE = 0x0042,
	BIFF_OBJ = 0x005d,
	BIFF_BOUNDSHEET = 0x0085,
	BIFF_MULRK = 0x00bd,
	BIFF_RSTRING = 0x00d6,
	BIFF_SST = 0x00fc,
	BIFF_LABELSST = 0x00fd,
	BIFF_TXO = 0x01b6,
	BIFF_NUMBER = 0x0203,
	BIFF_LABEL = 0x0204,
	BIFF_STRING = 0x0207,
	BIFF_RK = 0x027e,
	BIFF_BOF = 0x0809,
};

struct biff {
	struct span stream;
	size_t at;    /* of the next record */
	size_t begin; /* of this one */
	uint16_t type;
	struct span body;
};

/* The next record; false: there is none, or it is cut. */
bool biff_next(struct biff *b);

/* Where one is in a record and those that continue it. */
struct biff_at {
	struct span stream;
	size_t at, end; /* of the record at hand */
};
struct biff_at biff_body(const struct biff *b, size_t skip);

/*
 * A string of n characters, wide or not, to made text; m NULL: only passed.
 * False: it is cut.
 */
bool biff_chars(struct biff_at *p, uint32_t n, bool wide, struct made *m);
/* One of the table of shared strings: its length and its flags come first. */
bool biff_shared(struct biff_at *p, struct made *m);
/* Something is left, in this record or in one that continues it. */
bool biff_more(struct biff_at *p);
bool biff_skip(struct biff_at *p, uint64_t n);

/* A number as a cell of the short kind has it. */
double biff_rk(uint32_t rk);
/* Digits, as one would type them. */
void biff_number(struct made *m, double v);

#endif
