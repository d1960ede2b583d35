#ifndef EXTRACT_DATA_JETFILE_H
#define EXTRACT_DATA_JETFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "extract/job.h"

/*
 * jetfile: pages and rows of an Access database (Jet 3 and 4, ACE), read by
 * offset; the last JET_PAGES pages are kept. Source: what mdbtools documents of
 * the format, and files.
 *
 * Who owns each page is learned in one pass at the beginning: eight bytes are
 * held for each, and JET_PAGES_MAX are looked at.
 *
 * A database that is "encoded" has its key in its own header: its pages come
 * out decoded. Those with a password of Office 2007 and later do not.
 */
#define JET_PAGES     32
#define JET_PAGE_MAX  4096
#define JET_PAGES_MAX (1u << 22)

enum jet_kind { JET_ROWS = 1, JET_TABLE = 2 };

struct jet_page {
	uint32_t number; /* 0: none */
	uint8_t bytes[JET_PAGE_MAX];
};

struct jet {
	struct extractor *x;
	struct part *p;
	bool wide; /* Jet 4 and later: 4 KiB a page, UTF-16 */
	uint32_t page_size, count;
	uint8_t key[4];
	bool encoded;
	uint16_t codepage; /* of Jet 3 */
	uint32_t *first;   /* for each page: the first that it owns, or 0 */
	uint32_t *next;    /* the next of the same owner, or 0 */
	uint64_t given;    /* bytes of long values that went out */
	uint64_t damage;
	struct jet_page pages[JET_PAGES];
};

bool jet_is(struct span head);
/* ST_UNSUPPORTED: its key is none of ours. s is zeroed by the caller. */
NODISCARD enum status jet_begin(struct jet *j, struct extractor *x,
				struct part *p);
void jet_end(struct jet *j);

/* Good until the next call; NULL: it is not there. */
const uint8_t *jet_page(struct jet *j, uint32_t number);
/* n bytes of the file, decoded. */
bool jet_bytes(void *j, void *dst, size_t n, uint64_t at);

#define JET_DELETED 0x8000 /* or it is what another row leads to */
#define JET_LEADS   0x4000 /* it is the address of the row */

/* Rows of a page that holds some. */
unsigned jet_row_count(struct jet *j, uint32_t page);
/* One of them; empty: there is none. Good until the next page is read. */
struct span jet_row(struct jet *j, uint32_t page, unsigned row,
		    unsigned *flags);
/* What no row uses. */
void jet_unused(struct jet *j, uint32_t page, uint64_t *from, uint64_t *to);

/* A value that stands elsewhere: of a memo, a picture, a file. */
struct jet_long {
	struct jet *j;
	uint32_t next; /* row that has the rest: page and number; 0: none */
	uint64_t left;
	bool chain; /* each row begins with the address of the next */
	uint8_t mem[JET_PAGE_MAX]; /* of the row at hand */
	size_t at, len;
};

/* From its twelve bytes in a row, and what follows them. */
void jet_long_begin(struct jet *j, struct span field, struct jet_long *l);
/* A part's read. */
enum status jet_long_read(void *arg, void *dst, size_t n, size_t *got);

#endif
