#ifndef WIRE_FRAME_H
#define WIRE_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/codec.h"
#include "base/span.h"
#include "base/status.h"

/*
 * frame: a 16-byte header and its body, numbers in little endian:
 *
 *   u32 length of the body | u16 kind | u16 flags | u32 stream | u32 zero
 *
 * Errors: frame_next() gives ST_AGAIN when the frame is not all there yet,
 *         ST_LIMIT when it says to be longer than cap, ST_MALFORMED for flags
 *         or a zero field that are not as above. After the last two nothing
 *         more can be read from these bytes.
 */
#define FRAME_HEAD      16
#define FRAME_MAX       (1024 * 1024) /* bytes of one body */
#define FRAME_MAX_EARLY (64 * 1024)   /* before the peer is known */

enum frame_flag {
	FRAME_CRITICAL = 1, /* who does not know the kind must not go on */
	FRAME_LAST = 2,     /* last chunk of a bulk transfer */
};
#define FRAME_FLAGS (FRAME_CRITICAL | FRAME_LAST)

struct frame {
	uint16_t kind; /* enum wire_kind, or one that we do not know */
	uint16_t flags;
	uint32_t stream;  /* enum wire_stream */
	struct span body; /* borrows from what was parsed */
};

/* Look at the head of s; on ST_OK *used is how many bytes the frame takes. */
NODISCARD enum status frame_next(struct span s, size_t cap, struct frame *f,
				 size_t *used);

/* The 16 bytes in front of a body of f->body.len bytes (<= FRAME_MAX). */
void frame_head(const struct frame *f, uint8_t head[FRAME_HEAD]);

/* Bytes of body that a head speaks of, whatever else is in it. */
static inline size_t
frame_body_len(const uint8_t head[FRAME_HEAD])
{
	return codec_get32(head);
}

NODISCARD enum status frame_add(struct buf *to, const struct frame *f);

#endif
