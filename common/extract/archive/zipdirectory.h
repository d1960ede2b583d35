#ifndef EXTRACT_ZIPDIRECTORY_H
#define EXTRACT_ZIPDIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "extract/archive/zipmember.h"
#include "extract/part.h"

/*
 * zipdirectory: the list of members at the end of a zip, also of one with more
 * than 4 GiB or 65,535 members. Internal to the room.
 */
struct zip_directory {
	uint64_t next;    /* offset of the next header in it */
	uint64_t entries; /* as promised; without zip64: modulo 65,536 */
	uint64_t shift;   /* bytes before what the archive takes for 0 */
};

/* In a seekable part of known size; false: there is no sound one. */
bool zip_directory_find(struct part *p, struct zip_directory *d);

/*
 * The next member and where its local header stands, without the shift; false
 * at the end of what makes sense. `m->data` is not known here.
 */
bool zip_directory_next(struct part *p, struct zip_directory *d,
			struct zip_member *m, uint64_t *local);

#endif
