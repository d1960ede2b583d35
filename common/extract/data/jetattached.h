#ifndef EXTRACT_DATA_JETATTACHED_H
#define EXTRACT_DATA_JETATTACHED_H

#include "extract/archive/inflate.h"
#include "extract/data/jetfile.h"

/*
 * jetattached: a file that is attached to a row (Access 2007 and later): as it
 * is or packed, behind a head that has its length and the end of its name.
 */
struct jet_attached {
	struct part packed;        /* the long value */
	struct inflater *inflater; /* NULL: it is not packed */
	uint8_t buf[PART_BUF];
};

/* False: the value is no attached file, and has to be begun again. */
bool jet_attached_begin(struct jet_long *l, struct jet_attached *a);
void jet_attached_end(struct jet_attached *a);
/* A part's read: the file alone. */
enum status jet_attached_read(void *arg, void *dst, size_t n, size_t *got);

#endif
