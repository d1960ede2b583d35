#ifndef EXTRACT_MEMFILE_H
#define EXTRACT_MEMFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "extract/job.h"

/*
 * memfile: a part as a file of memory, for libraries that want a descriptor or
 * a path. The one file was made before the worker lost its rights; its bytes
 * count as held (budget.memory). One at a time, also across depths: close it
 * before members go down that might need one.
 */
struct memfile {
	int fd;        /* at offset 0; not to be closed */
	char path[32]; /* opens inside the worker, for reading */
	uint64_t size;
};

/* False: it is too large, or the file is in use; what was read is lost. */
bool memfile_open(struct extractor *x, struct part *p, struct memfile *f);
void memfile_close(struct extractor *x, struct memfile *f); /* wipes */

#endif
