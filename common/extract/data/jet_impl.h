/*
 * A database of Access as the files of it share it: `jetrow` tells a row,
 * `jetwalk` finds the rows of a table, `jetcatalog` what tables are called,
 * `jetunused` what no table has, `jet` goes through it all.
 */
#ifndef EXTRACT_DATA_JET_IMPL_H
#define EXTRACT_DATA_JET_IMPL_H

#include <stddef.h>
#include <stdint.h>

#include "extract/data/jetfile.h"
#include "extract/data/jettable.h"
#include "extract/data/jetvalue.h"
#include "extract/data/stretches.h"
#include "extract/made.h"

#define DELETED_BIT 0x80000000u

/* What the catalog says of a table. */
struct table_name {
	uint32_t page;
	char text[JET_NAME_MAX];
};

struct jet_reader {
	struct extractor *x;
	struct jet *j;
	struct made *made;
	struct jet_table *table;
	struct jet_record record;
	uint8_t row[JET_PAGE_MAX];
	uint32_t number; /* of the row, with DELETED_BIT */
	uint32_t *led;   /* rows that others lead to, page and number */
	size_t led_count, led_room;
	struct table_name *names;
	size_t name_count, name_room;
	struct stretches unused;
	char text[JET_TEXT_MAX];
};

/* "row 88 customers.card" */
size_t jet_place(const struct jet_reader *r, uint32_t row, uint32_t column,
		 char *dst, size_t room);
/* The row at hand, and behind it what has lines or a name of its own. */
enum status jet_put_row(struct jet_reader *r);

/* Each row of the table at hand, or each that was deleted, in turn. */
enum status jet_each_row(struct jet_reader *r, bool deleted,
			 enum status (*see)(struct jet_reader *r));

/* What the catalog says; then the name of the table at hand. */
void jet_catalog_read(struct jet_reader *r);
void jet_catalog_name(struct jet_reader *r);

enum status jet_put_unused(struct jet_reader *r);

#endif
