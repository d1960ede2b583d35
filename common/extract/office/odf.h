#ifndef EXTRACT_OFFICE_ODF_H
#define EXTRACT_OFFICE_ODF_H

#include "extract/archive/zipview.h"
#include "extract/format.h"

/*
 * odf: documents of OpenDocument, as zips and as one XML file: text, sheets,
 * slides, all with notes, comments, what was deleted, headers and properties.
 */
extern const struct zip_kind odf_kind;

bool odf_is_flat(struct format_look *l);
NODISCARD enum status odf_flat(struct extractor *x, struct part *p);

#endif
