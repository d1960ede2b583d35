#ifndef EXTRACT_PART_H
#define EXTRACT_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "extract/extract.h"

/*
 * part: bytes on their way through the extractors, at one depth: the object
 * itself, a member of an archive, what a gzip unpacks to. Internal to the room.
 *
 * It is read in order; with seek when `seekable`. A buffer of PART_BUF bytes
 * lets a codec look at input before it is consumed.
 */
#define PART_BUF  (64 * 1024)
#define PART_PEEK 4096
#define PART_BACK 512 /* consumed bytes that can be given back */

struct part {
	struct span whole; /* all bytes when they are in memory */
	void *arg;
	enum status (*read)(void *arg, void *dst, size_t n, size_t *got);
	enum status (*pread)(void *arg, void *dst, size_t n, uint64_t off,
			     size_t *got);
	enum status (*extent)(void *arg, uint64_t off, uint64_t *begin,
			      uint64_t *end);
	struct span name; /* a hint about what it holds, or empty */
	uint64_t size;    /* UINT64_MAX while not known */
	uint64_t pos;     /* offset of the next byte for the consumer */
	uint8_t *buf;     /* PART_BUF bytes, shared by the parts of one depth */
	size_t at, len;   /* buf[at, len) was read and not consumed */
	enum status failed; /* why reading ended early, ST_OK while it goes */
	uint64_t fetched;   /* bytes asked from below */
};

static inline bool
part_seekable(const struct part *p)
{
	return p->whole.ptr != NULL || p->pread != NULL;
}

/*
 * A part over n bytes of a seekable one, from `from` on. r holds what it needs
 * while it is in use; out->buf is the caller's.
 */
struct part_range {
	struct part *of;
	uint64_t from, size;
};
void part_range(struct part *of, uint64_t from, uint64_t n,
		struct part_range *r, struct part *out);

/* A part over bytes in memory. */
void part_memory(struct part *p, struct span whole);

/*
 * At least `want` (at most PART_BUF) bytes ahead without consuming them; fewer
 * only at the end. The span is good until the next call.
 */
struct span part_peek(struct part *p, size_t want);
void part_consume(struct part *p, size_t n); /* n of what was peeked */
/* Whatever is buffered, or one fill of the buffer; empty only at the end. */
struct span part_ahead(struct part *p);
/* The last n <= PART_BACK consumed bytes again. */
void part_unread(struct part *p, size_t n);

/* Up to n bytes, consumed; 0 at the end or after a failure (see failed). */
size_t part_read(struct part *p, void *dst, size_t n);

/* Exactly n bytes at off, without moving; false when they are not there. */
bool part_pread(struct part *p, void *dst, size_t n, uint64_t off);

void part_seek(struct part *p, uint64_t off); /* only when seekable */

#endif
