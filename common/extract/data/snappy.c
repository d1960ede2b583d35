#include "extract/data/snappy.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST (1u << 20) /* what a few bytes of input may ask for */

struct output {
	uint8_t *data;
	size_t len, size; /* size: as the block says */
	size_t room;
};

static bool
take_size(struct span *in, uint64_t *size)
{
	*size = 0;
	for (unsigned shift = 0; shift < 35 && in->len > 0; shift += 7) {
		uint8_t c = in->ptr[0];

		*in = span_skip(*in, 1);
		*size |= (uint64_t)(c & 0x7f) << shift;
		if ((c & 0x80) == 0)
			return true;
	}
	return false;
}

/* A number of n bytes, the lowest first; false: it is not there. */
static bool
take(struct span *in, size_t n, uint32_t *v)
{
	*v = 0;
	if (in->len < n)
		return false;
	for (size_t i = 0; i < n; i++)
		*v |= (uint32_t)in->ptr[i] << 8 * i;
	*in = span_skip(*in, n);
	return true;
}

static bool
make_room(struct output *o, size_t n)
{
	size_t room = o->room;
	uint8_t *grown;

	if (n > o->size - o->len)
		return false;
	while (room < o->len + n)
		room = room < o->size / 2 ? 2 * room : o->size;
	if (room == o->room)
		return true;
	grown = realloc(o->data, room);
	if (grown == NULL)
		return false;
	o->data = grown;
	o->room = room;
	return true;
}

static bool
literal(struct output *o, struct span *in, uint32_t tag)
{
	uint32_t n = tag >> 2;

	if (n >= 60 && !take(in, n - 59, &n))
		return false;
	if (n >= in->len || !make_room(o, (size_t)n + 1))
		return false;
	memcpy(o->data + o->len, in->ptr, (size_t)n + 1);
	o->len += (size_t)n + 1;
	*in = span_skip(*in, (size_t)n + 1);
	return true;
}

static bool
copy(struct output *o, struct span *in, uint32_t tag)
{
	static const uint8_t bytes[] = {0, 1, 2, 4};
	uint32_t off, n = (tag >> 2) + 1;

	if (!take(in, bytes[tag & 3], &off))
		return false;
	if ((tag & 3) == 1) {
		n = (tag >> 2 & 7) + 4;
		off |= tag >> 5 << 8;
	}
	if (off == 0 || off > o->len || !make_room(o, n))
		return false;
	for (uint32_t i = 0; i < n; i++, o->len++) /* they may overlap */
		o->data[o->len] = o->data[o->len - off];
	return true;
}

enum status
snappy_unpack(struct span in, size_t most, uint8_t **out, size_t *len)
{
	struct output o = {0};
	uint64_t size;
	bool good = true;

	if (!take_size(&in, &size))
		return ST_MALFORMED;
	if (size > most)
		return ST_LIMIT;
	o.size = (size_t)size;
	o.room = o.size < ROOM_FIRST ? o.size + 1 : ROOM_FIRST;
	o.data = malloc(o.room);
	if (o.data == NULL)
		return ST_NOMEM;
	while (good && in.len > 0) {
		uint32_t tag = in.ptr[0];

		in = span_skip(in, 1);
		good =
		    (tag & 3) == 0 ? literal(&o, &in, tag) : copy(&o, &in, tag);
	}
	*out = o.data;
	*len = o.len;
	return good && o.len == o.size ? ST_OK : ST_MALFORMED;
}
