#ifndef EXTRACT_DATA_SQLITEPAGE_H
#define EXTRACT_DATA_SQLITEPAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "extract/made.h"

/*
 * sqlitepage: what stands in a page of a SQLite file, told from its bytes
 * alone: rows of deleted tables, of logs, of files that are damaged. Source:
 * "Database File Format" of sqlite.org, sections 1.6 and 2.
 */
struct sqlitepage {
	struct made *made;
	struct span bytes;
	uint32_t number; /* from 1; page 1 begins with the file's header */
	uint32_t usable; /* bytes without what is reserved at the end */
};

enum sqlitepage_mark {
	SQLITEPAGE_BYTES,  /* of a page that is no table's */
	SQLITEPAGE_UNUSED, /* between its rows: what was deleted there */
	SQLITEPAGE_ROW,    /* a row */
};

/* The page of a tree: its header is as one must be. */
bool sqlitepage_is_tree(const struct sqlitepage *p);

/*
 * As lines into p->made, marked by the page's number and a sqlitepage_mark: the
 * rows when it holds some; what no row uses; or all of it as it stands. What is
 * only zeros is left out.
 */
void sqlitepage_rows(const struct sqlitepage *p);
void sqlitepage_unused(const struct sqlitepage *p);
void sqlitepage_bytes(const struct sqlitepage *p);

/* A number that may be a long one that was typed: whole ones in full. */
#define SQLITEPAGE_REAL 32
void sqlitepage_real(double d, char *dst, size_t room);

#endif
