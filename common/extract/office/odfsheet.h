#ifndef EXTRACT_OFFICE_ODFSHEET_H
#define EXTRACT_OFFICE_ODFSHEET_H

#include "extract/office/prose.h"

/*
 * odfsheet: content of OpenDocument; within a spreadsheet its tables are read
 * by cell, all else is prose. Pictures and objects in the text (flat XML) go
 * down as members.
 */
NODISCARD enum status odf_sheets(struct extractor *x, struct part *p,
				 const struct prose_element *elements,
				 const char *title);

#endif
