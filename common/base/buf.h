#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * buf: bytes that grow up to a cap fixed at birth.
 *
 * Owner:   whoever called buf_init(); buf_fini() wipes and frees the bytes.
 * Threads: one owner at a time, no lock inside.
 * Limits:  past the cap buf_add() gives ST_LIMIT and changes nothing.
 */
struct buf {
	uint8_t *data; /* NULL while room is 0 */
	size_t len;    /* bytes in use, never above room */
	size_t room;   /* bytes allocated, never above cap */
	size_t cap;
};

void buf_init(struct buf *b, size_t cap);
void buf_fini(struct buf *b);

NODISCARD enum status buf_add(struct buf *b, const void *src, size_t n);
NODISCARD enum status buf_add_str(struct buf *b, const char *s);
NODISCARD enum status buf_add_byte(struct buf *b, uint8_t byte);
NODISCARD enum status buf_addf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Room for n more bytes at data + len; the caller writes, then raises len. */
NODISCARD enum status buf_reserve(struct buf *b, size_t n);

/* Drop the first n bytes (n <= len) and keep the rest. */
void buf_drop(struct buf *b, size_t n);

/* Wipe what is in use and keep the room. */
void buf_clear(struct buf *b);

static inline struct span
buf_span(const struct buf *b)
{
	return span_of(b->data, b->len);
}

#endif
