#ifndef EXTRACT_MAIL_LINES_H
#define EXTRACT_MAIL_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "extract/part.h"

/*
 * lines: the raw bytes of messages, in order, up to the next line that ends
 * what is being read: a delimiter of one of the multiparts around it, the
 * beginning of the next message of a mailbox, or of a file within a text.
 * Such a line is left where it is until lines_pass().
 *
 * A line end before a delimiter belongs to the delimiter (RFC 2046, 5.1.1).
 */
#define LINES_NEST     256 /* multiparts within multiparts */
#define LINES_BOUNDARY 200 /* bytes; RFC 2046 allows 70 */

struct lines_boundary {
	uint8_t text[LINES_BOUNDARY];
	size_t len;
	bool found;  /* one of its delimiters was met */
	bool digest; /* its parts are messages when they do not say */
};

enum lines_stop {
	LINES_GO,      /* nothing yet */
	LINES_END,     /* of the part below */
	LINES_MESSAGE, /* the "From " of a mailbox */
	LINES_BETWEEN, /* a delimiter: another part follows */
	LINES_LAST,    /* the closing delimiter of a multipart */
	LINES_UU,      /* "begin 644 name" */
	LINES_YENC,    /* "=ybegin" */
};

struct lines {
	struct part *p;
	struct lines_boundary *around; /* LINES_NEST of them, innermost last */
	size_t depth;
	bool mailbox; /* messages follow one another */
	bool files;   /* stop at files within text */
	bool adopt;   /* a delimiter that nobody declared counts, too */
	bool adopted;
	bool pgp;    /* an encrypted message began since it was set to false */
	bool inside; /* of a line */
	bool blank;  /* the line before was empty, or there was none */
	uint8_t eol; /* bytes of the last line's end, still to be given */
	enum lines_stop stop;
	size_t at; /* which of `around` stopped it */
};

/*
 * The rest of a line, or as much as there is of a long one, or its end; empty
 * when it stopped.
 */
struct span lines_next(struct lines *l);
/* The same; where lines begin, as many at once as are there. */
struct span lines_several(struct lines *l);
/*
 * A line without its end into dst; of one that is longer than room a piece, and
 * then l->inside is set. False: it stopped.
 */
bool lines_read(struct lines *l, uint8_t *dst, size_t room, size_t *len);
/* Does anything come before the next stop? */
bool lines_more(struct lines *l);
/* Go past the line that stopped it. */
void lines_pass(struct lines *l);
/* The line that stopped it, without its end. */
struct span lines_stopper(struct lines *l);

/* The first line of a message in a mailbox: "From a@b Thu Jan  1 00:00:00". */
bool lines_from(struct span s);

#endif
