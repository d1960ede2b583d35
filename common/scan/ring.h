#ifndef SCAN_RING_H
#define SCAN_RING_H

#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "scan/slot.h"

/*
 * ring: a large object of another host on its way from its reader to its
 * worker. The bytes lie in the slot that the object has for itself, in pieces
 * that are filled in turn; a pipe of packets says how long each is. The pipe
 * holds RING_AHEAD packets, so that the writer is stopped before it comes
 * round to the piece that is being read: nothing has to go the other way.
 * What may be ahead is two windows of text (EXTRACT_WINDOW): with less the one
 * waits while the other works.
 */
#define RING_PIECE  (128u * 1024)
#define RING_AHEAD  16u              /* a power of two, as the sizes of pipes */
#define RING_PIECES (RING_AHEAD + 2) /* one is filled, one is read */
#define RING_AT     (SLOT_SIZE - RING_PIECES * RING_PIECE)

/* Its reader's end. */
struct ring_out {
	struct slot_head *slot;
	uint32_t turn; /* of the piece that is to be filled */
	int fd;
};

/* ST_IO when the kernel gives no such pipe; *to is the worker's end. */
NODISCARD enum status ring_open(struct slot_head *h, struct ring_out *out,
				int *to);
/* Where to put up to RING_PIECE bytes. */
uint8_t *ring_room(const struct ring_out *s);
/* Hand over the n bytes there, n > 0. ST_EOF: nobody wants them. */
NODISCARD enum status ring_push(struct ring_out *s, uint32_t n);
/* Copy bytes of any number in, and hand them over. */
NODISCARD enum status ring_copy(struct ring_out *s, struct span bytes);
void ring_end(struct ring_out *s, enum slot_stream how);

/* Its worker's end; the descriptor stays the caller's. */
struct ring_in {
	const struct slot_head *slot;
	struct span left; /* of the piece at hand */
	uint32_t turn;    /* of the next one */
	int fd;
};

/* *got is 0 at the end; ST_IO when the end is not that of the object. */
NODISCARD enum status ring_read(struct ring_in *s, void *dst, size_t n,
				size_t *got);

#endif
