#ifndef EXTRACT_ZIP_H
#define EXTRACT_ZIP_H

#include "extract/job.h"

/*
 * zip: by its central directory when there is a sound one, else by walking the
 * local headers, so that a cut or lying archive gives what can be read. Bytes
 * that belong to no member (comments, what lies between) are read as text.
 */
NODISCARD enum status zip_part(struct extractor *x, struct part *p);

#endif
