#include "wire/proto.h"

#include <string.h>

#include "base/arena.h"
#include "base/utf.h"

struct taker {
	struct arena *arena;
	bool full;
};

static void *
take(void *arg, size_t n)
{
	struct taker *t = arg;
	void *p = arena_take(t->arena, n);

	t->full = t->full || p == NULL;
	return p;
}

static void
keep(void *arg, void *p)
{
	(void)arg;
	(void)p; /* the arena frees all at once */
}

enum status
proto_unpack(const ProtobufCMessageDescriptor *d, struct span s,
	     struct arena *a, void **out)
{
	static const uint8_t none;
	struct taker t = {.arena = a};
	ProtobufCAllocator allocator = {take, keep, &t};
	void *m = protobuf_c_message_unpack(d, &allocator, s.len,
					    s.len > 0 ? s.ptr : &none);

	if (m == NULL)
		return t.full ? ST_LIMIT : ST_MALFORMED;
	*out = m;
	return ST_OK;
}

enum status
proto_pack(const ProtobufCMessage *m, struct buf *to)
{
	size_t n = protobuf_c_message_get_packed_size(m);
	enum status st = buf_reserve(to, n);

	if (st != ST_OK || n == 0)
		return st;
	to->len += protobuf_c_message_pack(m, to->data + to->len);
	return ST_OK;
}

ProtobufCBinaryData
proto_bytes(struct span s)
{
	union {
		const uint8_t *in;
		uint8_t *out;
	} p = {.in = s.ptr};

	return (ProtobufCBinaryData){.len = s.len, .data = p.out};
}

bool
proto_take(ProtobufCBinaryData b, size_t max, struct span *out)
{
	if (b.len > max)
		return false;
	*out = proto_span(b);
	return true;
}

bool
proto_text(ProtobufCBinaryData b, size_t max, struct span *out)
{
	for (size_t i = 0; i < b.len && i <= max; i++)
		if (b.data[i] < 0x20 || b.data[i] == 0x7f)
			return false;
	return proto_take(b, max, out) && utf_valid(*out);
}

bool
proto_path(ProtobufCBinaryData b, size_t max, struct span *out)
{
	return b.len > 0 && proto_take(b, max, out) &&
	       memchr(b.data, 0, b.len) == NULL;
}

bool
proto_fixed(ProtobufCBinaryData b, void *dst, size_t n)
{
	memset(dst, 0, n);
	if (b.len == 0)
		return true;
	if (b.len != n)
		return false;
	memcpy(dst, b.data, n);
	return true;
}
