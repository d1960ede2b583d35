#ifndef WIRE_PROTO_H
#define WIRE_PROTO_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

struct arena;

/*
 * proto: what the codecs share: protobuf-c on our buffers and arenas, and the
 * checks of what came in. Only for the files of this room.
 */

/* ST_MALFORMED for what is not protobuf, ST_LIMIT when the arena is full. */
NODISCARD enum status proto_unpack(const ProtobufCMessageDescriptor *d,
				   struct span s, struct arena *a, void **out);
NODISCARD enum status proto_pack(const ProtobufCMessage *m, struct buf *to);

static inline struct span
proto_span(ProtobufCBinaryData b)
{
	return span_of(b.data, b.len);
}

/* The library wants to be able to write, and does not. */
ProtobufCBinaryData proto_bytes(struct span s);

/* Takes bytes of at most max. */
bool proto_take(ProtobufCBinaryData b, size_t max, struct span *out);
/* As proto_take(), and they are UTF-8 without control characters. */
bool proto_text(ProtobufCBinaryData b, size_t max, struct span *out);
/* As proto_take(), and they are a path: not empty, no NUL. */
bool proto_path(ProtobufCBinaryData b, size_t max, struct span *out);
/* Exactly n bytes into dst; none at all gives zeros. */
bool proto_fixed(ProtobufCBinaryData b, void *dst, size_t n);

#endif
