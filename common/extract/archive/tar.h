#ifndef EXTRACT_ARCHIVE_TAR_H
#define EXTRACT_ARCHIVE_TAR_H

#include <stdbool.h>

#include "extract/job.h"

/*
 * tar: archives of the library, one behind the other. Where one is damaged or
 * ends, bytes are read as text up to the next sound header, and it goes on.
 */
#define TAR_BLOCK 512

/* The block names something and its sum is right; zeros are no header. */
bool tar_header(struct span block);

enum status tar_part(struct extractor *x, struct part *p);

#endif
