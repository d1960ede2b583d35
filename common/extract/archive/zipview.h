#ifndef EXTRACT_ARCHIVE_ZIPVIEW_H
#define EXTRACT_ARCHIVE_ZIPVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "extract/archive/zipdirectory.h"
#include "extract/job.h"

/*
 * zipview: a zip whose members are found by name, for documents that are zips
 * (a kind, below). A kind reads what it understands, in the order it wants;
 * what it leaves is read after it as members of any zip are. When the list at
 * the end is broken the members are those of the local headers.
 */
#define ZIP_VIEW_MAX 65536 /* members; a zip with more is of no kind */

struct zip_entry {
	struct span name;
	uint64_t local; /* offset of its local header in the part */
	uint64_t packed, size;
	uint32_t crc;
	uint16_t method, flags;
	bool done; /* a reader took it */
};

struct zip_view {
	struct extractor *x;
	struct part *p; /* seekable */
	struct zip_entry *entries;
	size_t count, room;
	struct buf names;
};

/* The first member of that name that nobody took, ASCII case aside; or NULL. */
struct zip_entry *zip_view_find(const struct zip_view *v, struct span name);

/*
 * Unpack a member into a function, which reads the part in order, to its end or
 * not. The place stays that of the document: the function says what is better
 * by job_enter() or made_mark(). Damage is noted, with the member's name.
 * ST_EOF: it was not unpacked (encrypted, damaged, over budget).
 */
typedef enum status zip_view_reader(void *arg, struct extractor *x,
				    struct part *p);
NODISCARD enum status zip_view_read(struct zip_view *v, struct zip_entry *e,
				    zip_view_reader *read, void *arg);
/* The same by what it holds, as a member called `name`. */
NODISCARD enum status zip_view_member(struct zip_view *v, struct zip_entry *e,
				      struct span name);

/* A document that is a zip: a row in zipkind.c. */
struct zip_kind {
	const char *name; /* of the parser */
	bool (*is)(const struct zip_view *v);
	/* not ST_EOF */
	enum status (*read)(struct extractor *x, struct zip_view *v);
};

/* NULL: an archive and nothing more. */
const struct zip_kind *zip_kind_of(const struct zip_view *v);

/* For zip.c. ST_LIMIT: too many members; what is in the view is of no use. */
NODISCARD enum status zip_view_open(struct extractor *x, struct part *p,
				    const struct zip_directory *d,
				    struct zip_view *v);
void zip_view_close(struct zip_view *v);
/* As zip_directory_next() gives a member. */
void zip_view_fill(const struct zip_entry *e, struct zip_member *m);

#endif
