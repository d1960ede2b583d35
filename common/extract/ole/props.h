#ifndef EXTRACT_OLE_PROPS_H
#define EXTRACT_OLE_PROPS_H

#include <stdbool.h>

#include "extract/ole/cfb.h"

/*
 * props: property sets ([MS-OLEPS]): title, author, comments, and what people
 * add by names of their own. Each goes out as a line "name: value"; pictures
 * of a first page go down as members, and what is no value as bytes.
 *
 * Their first bytes are FE FF, which would be the mark of UTF-16 in a text.
 */
bool props_is(const struct cfb *c, uint32_t entry);

/* As a member called `name`; the stream is taken. */
NODISCARD enum status props_member(struct extractor *x, struct cfb *c,
				   uint32_t entry, struct span name);

#endif
