#ifndef DETECT_CATALOGUE_CATALOGUE_H
#define DETECT_CATALOGUE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "detect/cache/image.h"
#include "detect/catalogue/type.h"
#include "detect/words/words.h"

/*
 * catalogue: all data types of a folder, in order of their ids.
 *
 * Owner:   everything hangs on the arena, the struct too; catalogue_close()
 * frees it. Folders: profiles/ has no types, see profile.h. Limits:
 * CATALOGUE_TYPES types, CATALOGUE_BYTES of memory. Threads: does not change
 * once it is open.
 */
#define CATALOGUE_TYPES 2048
#define CATALOGUE_BYTES ((size_t)64 * 1024 * 1024)

struct word_file;

struct catalogue {
	struct arena arena;
	const char *dir;        /* its folder */
	const char *const *own; /* files and folders of one's own rules */
	size_t own_count;
	struct data_type **types;
	size_t count;
	struct word_table words;
	/* used while it is opened: */
	struct arena *scratch; /* for what goes with each file; NULL: arena */
	struct word_file
	    *word_files; /* that types have named, see rule_words */
	/* fields that point into the program; only of one in memory lent */
	struct image_links links;
	/* the rest of a piece of memory for what has such fields */
	uint8_t *linked;
	size_t linked_left;
};

/*
 * Reads <dir>/<group>/<id>.yaml. On failure *why is a sentence that names the
 * file, the line and the field.
 */
NODISCARD enum status catalogue_open(const char *dir, struct catalogue **out,
				     struct buf *why);
/*
 * The same with types of one's own: files, and folders with <id>.yaml or
 * <group>/<id>.yaml. Their ids must be new, unless `replace` lets them take the
 * place of those of the catalogue. The names must outlive the catalogue.
 */
struct catalogue_own {
	const char *const *paths;
	size_t count;
	bool replace;
};
NODISCARD enum status catalogue_open_with(const char *dir,
					  const struct catalogue_own *own,
					  struct catalogue **out,
					  struct buf *why);

/*
 * The same in zeroed memory of the caller, `room` bytes: all of it, the struct
 * too, so that it can be kept as an image. NULL: in memory of its own.
 */
NODISCARD enum status catalogue_open_in(const char *dir,
					const struct catalogue_own *own,
					void *memory, size_t room,
					struct catalogue **out,
					struct buf *why);

/*
 * As arena_array(), for what has fields that point into the program: all of
 * these lie close together, for an image's pages with such a field are copied
 * whenever it is loaded.
 */
void *catalogue_linked(struct catalogue *c, size_t count, size_t size);

/* A field of it, in its arena, holds an address within the program. */
NODISCARD enum status catalogue_link(struct catalogue *c, const void *field);
void catalogue_close(struct catalogue *c);

/*
 * The folder to read when the caller names none: $TRAWL_CATALOGUE, else the
 * installed one, else schema/catalogue above the program's own folder.
 * ST_NOTFOUND when none of them is a folder; *why names them.
 */
NODISCARD enum status catalogue_folder(char *dir, size_t room, struct buf *why);

#endif
