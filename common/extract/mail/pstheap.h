#ifndef EXTRACT_MAIL_PSTHEAP_H
#define EXTRACT_MAIL_PSTHEAP_H

#include "extract/mail/pstdata.h"

/*
 * pstheap: a node that holds many small items ([MS-PST] 2.3): properties of a
 * folder, message or attachment, or a table with a row for each recipient.
 */
#define PST_CLIENT_PROPERTIES 0xbc
#define PST_CLIENT_TABLE      0x7c

struct pst_heap {
	struct pst *s;
	struct pst_data data;
	uint64_t subs;
	uint8_t client; /* what it holds */
	uint32_t root;
};

/* False: the node is no heap. To be closed when true. */
bool pst_heap_open(struct pst *s, const struct pst_node *n, struct pst_heap *h);
void pst_heap_close(struct pst_heap *h);

/* A property: its value, or the item or node below that has it. */
struct pst_property {
	uint16_t id, type;
	uint32_t value;
};

struct pst_properties {
	struct pst_property *list;
	size_t count, room;
};

#define PST_PROPERTIES_MAX 65536
void pst_properties_read(struct pst_heap *h, struct pst_properties *l);
void pst_properties_free(struct pst_properties *l);
/* One that has this number; NULL: there is none. */
const struct pst_property *pst_properties_find(const struct pst_properties *l,
					       unsigned id);

/* A value that lies in an item or in a node below. */
struct pst_value {
	struct part part; /* seekable */
	struct pst_data data;
	uint8_t *mem;
};

bool pst_value_open(struct pst_heap *h, uint32_t at, struct pst_value *v);
void pst_value_close(struct pst_value *v);

struct pst_column {
	uint16_t id, type;
	uint16_t at;
	uint8_t size, bit;
};

struct pst_table {
	struct pst_heap *h;
	struct pst_column columns[256];
	unsigned count, row_size, bits_at;
	struct pst_value rows;
	uint8_t row[65536];
};

/* Its rows, also those that were deleted and not overwritten. */
bool pst_table_open(struct pst_heap *h, struct pst_table *t);
void pst_table_close(struct pst_table *t);
/* Row n, from 0, to t->row; false: there are no more. */
bool pst_table_row(struct pst_table *t, uint64_t n);
/* Where the value of a column of that row lies; 0: nowhere. */
uint32_t pst_table_cell(const struct pst_table *t, unsigned column);

#endif
