#ifndef EXTRACT_OFFICE_RTF_H
#define EXTRACT_OFFICE_RTF_H

#include "extract/job.h"

/*
 * rtf: rich text by paragraph, with headers, notes, comments, properties, what
 * is hidden or deleted, and groups that only some programs know. Pictures and
 * objects go down as members.
 */
NODISCARD enum status rtf_part(struct extractor *x, struct part *p);

#endif
