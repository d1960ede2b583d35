#ifndef EXTRACT_DATA_FIELDS_H
#define EXTRACT_DATA_FIELDS_H

#include "extract/job.h"

/*
 * Records of named fields as their source streams them (model/fields.h). Places
 * are "42, address.card", or "card" when the object is the record; a key or
 * name that could itself be what is looked for (nine digits or more, or long)
 * is told by its number. Values of bytes and large ones are read as members;
 * what is not as counted is noted.
 */
NODISCARD enum status fields_part(struct extractor *x, struct part *p);

#endif
