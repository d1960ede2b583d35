#ifndef EXTRACT_OFFICE_SHEET_H
#define EXTRACT_OFFICE_SHEET_H

#include "extract/office/shared.h"

/* sheet: a worksheet of xlsx, and the comments that stand beside it. */
struct sheet_job {
	struct shared *shared;
	struct span name;
};

/* Both are zip_view_readers with a sheet_job. */
NODISCARD enum status sheet_read(void *arg, struct extractor *x,
				 struct part *p);
NODISCARD enum status sheet_comments(void *arg, struct extractor *x,
				     struct part *p);

#endif
