#ifndef MASTER_API_STREAM_H
#define MASTER_API_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/span.h"
#include "base/status.h"

/*
 * stream: bytes of a long answer on their way from the worker that makes them
 * to the connection that sends them, STREAM_ROOM of them at most. A worker that
 * is faster than its client waits, a client that takes nothing for
 * STREAM_SECONDS ends it.
 *
 * Owner:   made by the worker; stream_unref() by each of the two sides.
 * Threads: one writes, one reads; one lock inside.
 */
#define STREAM_ROOM    (256 * 1024)
#define STREAM_SECONDS 60

struct stream;

struct stream_ops {
	void (*sleep)(void *conn); /* as in sse.h, under the lock */
	void (*wake)(void *conn);
};

NODISCARD enum status stream_open(const struct stream_ops *ops,
				  struct stream **out);
void stream_ref(struct stream *s);
void stream_unref(struct stream *s); /* takes NULL */

/* ST_CLOSED when the reader has left, ST_TIMEOUT when it takes nothing. */
NODISCARD enum status stream_write(struct stream *s, struct span bytes);

/* No more bytes: they were all, or something failed on the way. */
void stream_end(struct stream *s, bool whole);

void stream_bind(struct stream *s, void *conn);

/* Bytes; 0: asleep now; -1: the end; -2: it broke off. */
ssize_t stream_read(struct stream *s, char *dst, size_t room);

/* The reader is gone; the writer learns it at its next write. */
void stream_leave(struct stream *s);

#endif
