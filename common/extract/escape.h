#ifndef EXTRACT_ESCAPE_H
#define EXTRACT_ESCAPE_H

#include "extract/view.h"

/*
 * escape: text in which some characters are escaped (percent-encoding,
 * quoted-printable). A stretch begins with an escape that is certain, shows the
 * text before it, and ends VIEW_QUIET bytes after the last certain one.
 */
struct escape_kind {
	uint8_t lead; /* every escape begins with it */
	/* a certain one stands at text[at] */
	bool (*certain)(struct span text, size_t at);
	/*
	 * Bytes of the escape at text[at], 0 when it is none; *c: the byte it
	 * stands for, -1 for none at all.
	 */
	size_t (*decode)(struct span text, size_t at, int *c);
};

extern const struct escape_kind escape_percent; /* percent.c, RFC 3986 */
extern const struct escape_kind escape_quoted;  /* quoted.c, RFC 2045 6.7 */

struct escapes {
	const struct escape_kind *kind;
	struct view view;
	uint64_t at;   /* offset of the text, what is before was read */
	uint64_t done; /* matches that begin before it were given */
	size_t quiet;  /* bytes since the last certain escape */
};

/* The first certain one in [at, end), else end. */
size_t escape_find(const struct escape_kind *k, struct span text, size_t at,
		   size_t end);

void escape_begin(struct escapes *e); /* another text */
/* A block, in order, in which one may begin. */
void escape_block(struct escapes *e, struct extractor *x,
		  const struct view_text *t, size_t at, size_t end);
/* No further block before text[to]. */
void escape_rest(struct escapes *e, const struct view_text *t);
void escape_end(struct escapes *e);

/* The value of two hex digits at p, -1 when they are none. */
int escape_hex(const uint8_t *p);

#endif
