#ifndef PROXY_AGENT_SQL_DRDA_ROW_H
#define PROXY_AGENT_SQL_DRDA_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * drda_row: the data in the answers of DRDA (The Open Group, volume 1: FD:OCA):
 * what became of a statement, the columns of a result, its rows.
 *
 * Errors: ST_AGAIN it goes on in bytes that are not here yet, and nothing was
 *         taken; ST_MALFORMED; ST_UNSUPPORTED a type or a code page that is not
 *         known.
 */

/* How a server writes what it sends. */
struct drda_form {
	bool little;    /* numbers have their low byte first */
	uint16_t sbc;   /* code pages of text of one byte a letter, */
	uint16_t dbc;   /* of two, */
	uint16_t mbc;   /* of a mixture */
	bool supported; /* false: it is a form that is not known */
};

/* Of TYPDEFNAM, and of TYPDEFOVR, which stand among the objects in `data`;
 * what is not said stays. `name` as ASCII, for people. */
void drda_form_take(struct drda_form *f, struct span data, bool utf8,
		    char name[24]);

/* SQLCA: what became of it. */
struct drda_card {
	int32_t code;    /* below 0 an error, 100 the end of the rows */
	char state[6];   /* SQLSTATE */
	char words[160]; /* what it is about, printable; may be "" */
};

NODISCARD enum status drda_card_take(struct span *s, const struct drda_form *f,
				     struct drda_card *card);

#define DRDA_COLUMNS 4096

struct drda_column {
	uint8_t type; /* as DRDA numbers them, without the bit of nullable */
	bool nullable;
	uint16_t length; /* bytes, or precision and scale */
	uint16_t ccsid;  /* of text */
};

/* Owner: drda_columns_fini(); starts as zeros. */
struct drda_columns {
	struct drda_column *at;
	size_t count;
	struct drda_form form;
};

/* Of the data of a QRYDSC. */
NODISCARD enum status drda_columns_take(struct drda_columns *c,
					struct span descriptor,
					const struct drda_form *f);
void drda_columns_fini(struct drda_columns *c);

/*
 * One row: text as UTF-8, numbers and times as text, bytes. What need not be
 * made stands where it came from.
 */
struct drda_cell {
	const uint8_t *at; /* NULL: from `from` in the bytes of the row */
	size_t from, len;
	bool null;
	bool comes; /* a large object that is not here */
};

struct drda_row {
	struct buf bytes; /* of cells that were made */
	struct drda_cell *cells;
	struct drda_card card; /* of the row; an error has its code */
	bool flows; /* large objects that are not here come behind the row */
	bool late;  /* so do all from here on */
};

#define DRDA_FLOWS UINT32_MAX /* in place of a length: it is not here */

NODISCARD enum status drda_row_init(struct drda_row *r, size_t columns);
void drda_row_fini(struct drda_row *r);

/*
 * The row in front of `rows`, which is data of QRYDTA. Its large objects are
 * the next in `large`, each a length as of codec_put32() and what an EXTDTA
 * holds; from the first that flows on they are to come, and not taken.
 *
 * ST_EOF: the server says that there are no more. ST_IO: it says what went
 * wrong, in the card.
 */
NODISCARD enum status drda_row_take(struct drda_row *r,
				    const struct drda_columns *c,
				    struct span *rows, struct span *large);
/* Whether what it has is bytes, or UTF-8, as it came. */
bool drda_row_is_ready(const struct drda_column *c);
/* Good until the next row, and while what it came from stays; of SIZE_MAX bytes
 * when it is to come. */
struct span drda_row_cell(const struct drda_row *r, size_t i);

#endif
