#ifndef EXTRACT_ARCHIVE_ONCE_H
#define EXTRACT_ARCHIVE_ONCE_H

#include <stdint.h>

#include "base/span.h"
#include "extract/job.h"

/*
 * once: names of the members of one archive, told apart. A name may stand twice
 * in an archive, also as what was deleted: the second one says which member it
 * is ("a.txt #7"), so that places stay apart. One without a name would pass for
 * the archive itself: it is "#7".
 */
#define ONCE_NAMES 131072 /* past so many names stay as they are */

struct table;

struct once {
	struct table *names; /* NULL before the first */
	uint64_t member;     /* how many there were */
};

/* The next member's name, cut to JOB_NAME_MAX, in `name` of that size. */
void once_name(struct once *o, uint8_t *name, size_t *len);
void once_close(struct once *o);

#endif
