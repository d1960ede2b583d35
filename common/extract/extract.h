#ifndef EXTRACT_EXTRACT_H
#define EXTRACT_EXTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/budget.h"
#include "model/holds.h"
#include "model/object.h"

/*
 * extract: bytes to text with places. Sees no path and no socket, runs only
 * inside a worker.
 *
 * An input is bytes that can be read in order, and at any offset when pread is
 * not NULL. Text goes out in windows: the same part is given again with the
 * next window until `last`.
 */
struct extract_input {
	/* all of it, when it is in memory; read and pread may then be NULL */
	struct span bytes;
	void *arg;
	/* up to n bytes; *got 0 at the end */
	enum status (*read)(void *arg, void *dst, size_t n, size_t *got);
	enum status (*pread)(void *arg, void *dst, size_t n, uint64_t off,
			     size_t *got);
	/*
	 * For files with holes, else NULL: where the next bytes at or behind
	 * off begin and end; ST_EOF when only a hole is left.
	 */
	enum status (*extent)(void *arg, uint64_t off, uint64_t *begin,
			      uint64_t *end);
	uint64_t size;    /* UINT64_MAX while not known */
	struct span name; /* of the file, a hint and nothing more; or empty */
};

/* What a scan asks of the extractors. Spans are borrowed. */
#define EXTRACT_PASSWORDS_MAX 4096
struct extract_options {
	struct budget budget;
	const struct span *passwords; /* tried on what is encrypted */
	size_t password_count;
	/* Languages of the text in pictures, "eng,deu"; NULL: it is not read */
	const char *ocr;
};

void extract_options_default(struct extract_options *o);

/*
 * Every window but the first of a part begins with at least LEAD bytes that
 * were seen before, every window but the last ends with TAIL bytes that come
 * again; a detector may look around a match that far.
 */
#define EXTRACT_LEAD   512
#define EXTRACT_TAIL   (16 * 1024)
#define EXTRACT_WINDOW (1024 * 1024) /* bytes of text at most */

struct extract_window;

/*
 * Where in a text something stands, in words: "Sheet2!C14", "page 7". Made only
 * when somebody asks, while the window is given out.
 */
struct extract_where {
	void *arg;
	/*
	 * The words for the byte at `origin` (as extract_origin() gives it)
	 * into dst; their length, at most `room`. *base: where that place
	 * begins, so that an offset counts from there.
	 */
	size_t (*say)(void *arg, uint64_t origin, uint64_t *base, char *dst,
		      size_t room);
	/* The origin where the next place begins; UINT64_MAX: none is known. */
	uint64_t (*next)(void *arg, uint64_t origin);
	/* For the room itself, may be NULL: this window goes out now. */
	void (*see)(void *arg, const struct extract_window *w);
	/* What the place at origin can hold; NULL: nobody knows. */
	enum holds (*holds)(void *arg, uint64_t origin);
};

/*
 * A window of text. place is the way inside ("a.zip → b.txt" without the name
 * of the object itself), empty for the object's own text. Matches that start
 * in [from, to) of text are this window's.
 */
struct extract_window {
	struct span place;
	struct span text;
	size_t from, to;
	/*
	 * Decoded text out of windows that were given (base64, percent-encoding
	 * ...), with some of what stands around it. What is found in it may
	 * have been found before, at the same original bytes.
	 */
	bool again;
	/*
	 * Text that a parser made (cells, pages) has its first lines here, with
	 * the heads of its columns before them, in each window; of other text
	 * whoever reads the first window sees them.
	 */
	bool made;
	struct span first;
	const struct extract_where *where; /* NULL: place says it all */
	const void *origin;                /* for extract_origin() */
};

/* What was not fully read: where, why, by which parser, and further words. */
struct extract_note {
	struct span place;
	enum cover_reason why;
	const char *parser;
	struct span detail; /* "method 98", or empty */
};

struct extract_sink {
	void *arg;
	enum status (*window)(void *arg, const struct extract_window *w);
	void (*note)(void *arg, const struct extract_note *n);
	/*
	 * A parser begins with a place, or goes on with it: who dies now died
	 * of that. May be NULL.
	 */
	void (*enter)(void *arg, struct span place, const char *parser);
};

/* Offset in the original bytes of the place, of text offset off. */
uint64_t extract_origin(const struct extract_window *w, size_t off);
/* Where in the original bytes the text before offset off ends. */
uint64_t extract_end(const struct extract_window *w, size_t off);

/*
 * The whole place of the text at off, in dst or as it stands in the window;
 * *offset: where it stands in that place.
 */
#define EXTRACT_PLACE_MAX 4096 /* FINDING_PLACE_MAX */
struct span extract_place(const struct extract_window *w, size_t off,
			  char dst[EXTRACT_PLACE_MAX], uint64_t *offset);

/* What the place of the text at off can hold. */
enum holds extract_holds(const struct extract_window *w, size_t off);

/* Where the place of the text at off ends in the window, at most at w->to. */
size_t extract_place_end(const struct extract_window *w, size_t off);

/*
 * What parsers load before they lose their rights: made once, then shared by
 * every worker that is forked. Borrows the options' spans.
 */
struct extract_kit;
NODISCARD enum status extract_kit_open(const struct extract_options *o,
				       struct extract_kit **out,
				       struct buf *why);
void extract_kit_close(struct extract_kit *k);

struct extractor; /* buffers and codecs, reused from object to object */

NODISCARD enum status extractor_open(const struct extract_kit *k,
				     struct extractor **out);
/* With a kit of its own. */
NODISCARD enum status extractor_alone(const struct extract_options *o,
				      struct extractor **out);
/* Before rights are lost: a file of memory, for libraries that want one. */
NODISCARD enum status extractor_file(struct extractor *x);
void extractor_close(struct extractor *x);

struct extract_result {
	uint8_t coverage; /* enum coverage */
	uint8_t reason;   /* enum cover_reason, the first one noted */
	uint64_t read;    /* bytes read of the input */
	uint32_t members; /* met inside */
	uint32_t partial; /* of these, not fully read */
	uint32_t unread;  /* of these, not read at all */
};

/* Always fills *out; the status tells only of our own trouble (memory). */
NODISCARD enum status extract_object(struct extractor *x,
				     const struct extract_input *in,
				     const struct extract_sink *sink,
				     struct extract_result *out);

#endif
