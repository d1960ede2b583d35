#ifndef EXTRACT_EXTRACT_H
#define EXTRACT_EXTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
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
	uint64_t size; /* UINT64_MAX while not known */
};

/* The one table of budgets; extract_budget_default() fills it. */
struct extract_budget {
	unsigned depth;        /* containers within containers: 8 */
	uint64_t members;      /* of one object: 100,000 */
	uint64_t output_bytes; /* unpacked, of one object: 64 GiB */
	unsigned ratio;        /* output to input once above 16 MiB: 1,000 */
	unsigned seconds;      /* CPU of one object: 600 */
};

void extract_budget_default(struct extract_budget *b);

/*
 * Every window but the first of a part begins with at least LEAD bytes that
 * were seen before, every window but the last ends with TAIL bytes that come
 * again; a detector may look around a match that far.
 */
#define EXTRACT_LEAD   512
#define EXTRACT_TAIL   (16 * 1024)
#define EXTRACT_WINDOW (1024 * 1024) /* bytes of text at most */

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
	const void *origin; /* for extract_origin() */
};

struct extract_sink {
	void *arg;
	enum status (*window)(void *arg, const struct extract_window *w);
	/* a place that was not fully read, and why */
	void (*note)(void *arg, struct span place, enum cover_reason why);
};

/* Offset in the original bytes of the place, of text offset off. */
uint64_t extract_origin(const struct extract_window *w, size_t off);
/* Where in the original bytes the text before offset off ends. */
uint64_t extract_end(const struct extract_window *w, size_t off);

struct extractor; /* buffers and codecs, reused from object to object */

NODISCARD enum status extractor_open(const struct extract_budget *b,
				     struct extractor **out);
void extractor_close(struct extractor *x);

struct extract_result {
	uint8_t coverage; /* enum coverage */
	uint8_t reason;   /* enum cover_reason, the first one noted */
	uint64_t read;    /* bytes read of the input */
	uint32_t members;
};

/* Always fills *out; the status tells only of our own trouble (memory). */
NODISCARD enum status extract_object(struct extractor *x,
				     const struct extract_input *in,
				     const struct extract_sink *sink,
				     struct extract_result *out);

#endif
