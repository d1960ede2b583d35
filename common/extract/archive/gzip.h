#ifndef EXTRACT_GZIP_H
#define EXTRACT_GZIP_H

#include "extract/job.h"

/*
 * gzip: members one after the other are one text, called by the name in the
 * first header. What follows the last member is read as it stands.
 */
NODISCARD enum status gzip_part(struct extractor *x, struct part *p);

#endif
