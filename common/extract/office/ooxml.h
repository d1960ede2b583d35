#ifndef EXTRACT_OFFICE_OOXML_H
#define EXTRACT_OFFICE_OOXML_H

#include "extract/archive/zipview.h"
#include "extract/office/prose.h"

/* ooxml: what the documents of Microsoft's programs share. */

extern const struct zip_kind docx_kind, xlsx_kind, pptx_kind;

/* Some member stands in that folder ("word/"), and it is a package of parts. */
bool ooxml_has(const struct zip_view *v, const char *folder);

/* Elements of DrawingML and WordprocessingML. */
extern const struct prose_element ooxml_words[];
/* For XML of which nothing is known: every element is a line. */
extern const struct prose_element ooxml_any[];

/*
 * Read a member as prose with that title; a member that cannot be unpacked is
 * noted. NULL: nothing is done.
 */
NODISCARD enum status ooxml_prose(struct zip_view *v, struct zip_entry *e,
				  const struct prose_element *elements,
				  const char *title);

/* docProps/: who wrote it, titles, values that somebody chose. */
NODISCARD enum status ooxml_properties(struct zip_view *v);

/*
 * Members of a folder whose names begin with `stem` and end with ".xml", each
 * as prose: titled `title`, with a number when there are several.
 */
NODISCARD enum status ooxml_series(struct zip_view *v, const char *stem,
				   const struct prose_element *elements,
				   const char *title);

#endif
