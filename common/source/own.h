#ifndef SOURCE_OWN_H
#define SOURCE_OWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/span.h"

/*
 * own: what Trawl itself keeps on the host that it reads. Compiled patterns and
 * the examples of the catalogue look like what is looked for: read as content
 * they would be thousands of findings that nobody can act on.
 *
 * Folders are known by device and inode, whatever path leads to them.
 */
#define OWN_MAX 2

struct own {
	struct own_folder {
		dev_t dev;
		ino_t ino;
		const char *const *names; /* how ours begin; NULL: all of it */
	} folders[OWN_MAX];
	size_t count;
};

/* A folder that is not there, or one more than fit, is left away. `names` ends
 * with NULL and lives as long as `o`. */
void own_add(struct own *o, const char *folder, const char *const *names);

/* Is this folder ours as a whole? `o` may be NULL here and below. */
bool own_folder(const struct own *o, const struct stat *folder);

/* Is this name in that folder one of our files? */
bool own_file(const struct own *o, dev_t dev, ino_t ino, const char *name);

/*
 * The same on another host, which only its paths tell: the folders where Trawl
 * keeps its catalogue, its state and its cache when nobody chose others. Of a
 * cache it is the files with our names.
 */
bool own_place(struct span path, bool folder);
#define OWN_PLACE_WORDS "by its place: Trawl keeps its own files there"

#endif
