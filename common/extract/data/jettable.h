#ifndef EXTRACT_DATA_JETTABLE_H
#define EXTRACT_DATA_JETTABLE_H

#include "extract/data/jetfile.h"

/*
 * jettable: the columns of a table of Access, and where the values of a row
 * lie in it.
 */
#define JET_COLUMNS_MAX 255
#define JET_NAME_MAX    200 /* bytes of UTF-8; the format has 64 letters */

enum jet_type {
	JET_BOOL = 1,
	JET_BYTE,
	JET_SHORT,
	JET_LONG,
	JET_MONEY,
	JET_FLOAT,
	JET_DOUBLE,
	JET_DATE,
	JET_BINARY,
	JET_TEXT,
	JET_OLE,
	JET_MEMO,
	JET_GUID = 0x0f,
	JET_DECIMAL = 0x10,
	JET_COMPLEX = 0x12, /* a number that other tables refer to */
	JET_BIG = 0x13,
};

struct jet_column {
	uint8_t type, scale;
	bool fixed;
	uint16_t number;   /* among all that there ever were */
	uint16_t at;       /* fixed: in the row; else which of the others */
	uint16_t len;      /* bytes, when it is fixed */
	uint16_t codepage; /* of Jet 3 */
	char name[JET_NAME_MAX];
};

struct jet_table {
	uint32_t page; /* that defines it */
	char name[JET_NAME_MAX];
	unsigned count;
	bool varying; /* it has columns that are not fixed */
	struct jet_column columns[JET_COLUMNS_MAX];
};

/* False: it cannot be understood. The name is left alone. */
bool jet_table_read(struct jet *j, uint32_t page, struct jet_table *t);

struct jet_record {
	struct span row;
	unsigned columns, vars;
	size_t mask;                      /* where it says what there is */
	uint16_t at[JET_COLUMNS_MAX + 1]; /* of the varying; then the end */
};

bool jet_record_read(const struct jet *j, const struct jet_table *t,
		     struct span row, struct jet_record *r);
/* False: it has none. A truth has no bytes, and is there when it is true. */
bool jet_record_value(const struct jet *j, const struct jet_record *r,
		      const struct jet_column *c, struct span *value);

/* Text as UTF-8, its length, at most room. */
size_t jet_text(const struct jet *j, unsigned codepage, struct span s,
		char *dst, size_t room);

#endif
