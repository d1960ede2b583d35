#ifndef EXTRACT_FORMAT_H
#define EXTRACT_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "extract/extract.h"
#include "extract/part.h"
#include "extract/sniff.h"

/*
 * format: how each kind of content is told and who reads it. A row for every
 * kind, in the table of its group; the groups stand in format.c, in the order
 * in which they are asked. What no row knows is text, and of text some kinds
 * have places: rows of their own, that are asked when none of the others knows.
 */

/* What a part begins with. */
struct format_look {
	struct part *part;
	struct span head;   /* PART_PEEK bytes, fewer only at the end */
	const char *parent; /* parser of what it lies in, "" for the object */
	struct sniff_seen seen; /* in the head; text has no zeros */
};

enum format_needs {
	FORMAT_STREAM, /* reads in order; seeks where part_seekable() */
	FORMAT_SEEK,   /* needs part_seekable() and a known size */
	FORMAT_WHOLE,  /* needs all of it at part->whole */
};

struct track_kind;

struct format {
	const char *name;  /* of the parser, in the ledger and on a crash */
	const char *magic; /* bytes at `at`; NULL: is() decides alone */
	uint8_t magic_len;
	uint16_t at;
	enum format_needs needs;
	bool (*is)(struct format_look *l); /* NULL: the magic is enough */
	enum status (*read)(struct extractor *x, struct part *p);
	const struct track_kind *places; /* of text, which nobody reads */
};
#define FORMAT_MAGIC(s) .magic = (s), .magic_len = sizeof(s) - 1

struct format_group {
	const char *name;
	const struct format *formats;
	size_t count;
	const struct format *texts; /* those with places */
	size_t text_count;
	/*
	 * Load what needs a file or a plug-in of a library, before rights are
	 * lost: one thread must be left behind. *state is for
	 * job_group_state(). Either may be NULL.
	 */
	enum status (*prepare)(const struct extract_options *o, void **state,
			       struct buf *why);
	void (*release)(void *state);
};

extern const struct format_group formats_archive, formats_office, formats_ole,
    formats_pdf, formats_mail, formats_data, formats_image;

extern const struct format_group *const format_groups[]; /* ends with NULL */
#define FORMAT_GROUPS_MAX 16

/* All formats in their order, and which may begin with a byte. */
#define FORMAT_ROWS 128
struct format_index {
	const struct format *rows[FORMAT_ROWS];
	/* bits of rows; the last: of what is empty */
	uint64_t first[257][FORMAT_ROWS / 64];
};
void format_index_make(struct format_index *index);

/* Who reads this part; NULL: it is text. */
const struct format *format_find(const struct format_index *index,
				 struct format_look *l);
/* Its places, if it is text; NULL: it has none. */
const struct format *format_find_text(struct format_look *l);

/*
 * n bytes at off of the part, for magics far inside; off + n at most
 * PART_BUF - PART_BACK. Empty: they are not there.
 */
struct span format_bytes(struct format_look *l, size_t off, size_t n);

#endif
