#include "wire/frame.h"

#include "base/must.h"

static uint16_t
get16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static void
put16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

enum status
frame_next(struct span s, size_t cap, struct frame *f, size_t *used)
{
	uint32_t len;

	if (s.len < FRAME_HEAD)
		return ST_AGAIN;
	len = codec_get32(s.ptr);
	if ((get16(s.ptr + 6) & ~FRAME_FLAGS) != 0 ||
	    codec_get32(s.ptr + 12) != 0)
		return ST_MALFORMED;
	if (len > cap)
		return ST_LIMIT;
	if (len > s.len - FRAME_HEAD)
		return ST_AGAIN;
	f->kind = get16(s.ptr + 4);
	f->flags = get16(s.ptr + 6);
	f->stream = codec_get32(s.ptr + 8);
	f->body = span_of(s.ptr + FRAME_HEAD, len);
	*used = FRAME_HEAD + (size_t)len;
	return ST_OK;
}

void
frame_head(const struct frame *f, uint8_t head[FRAME_HEAD])
{
	must(f->body.len <= FRAME_MAX && (f->flags & ~FRAME_FLAGS) == 0);
	codec_put32(head, (uint32_t)f->body.len);
	put16(head + 4, f->kind);
	put16(head + 6, f->flags);
	codec_put32(head + 8, f->stream);
	codec_put32(head + 12, 0);
}

enum status
frame_add(struct buf *to, const struct frame *f)
{
	uint8_t head[FRAME_HEAD];
	enum status st;

	if (f->body.len > FRAME_MAX)
		return ST_LIMIT;
	st = buf_reserve(to, FRAME_HEAD + f->body.len);
	if (st != ST_OK)
		return st;
	frame_head(f, head);
	st = buf_add(to, head, sizeof(head));
	return st == ST_OK ? buf_add(to, f->body.ptr, f->body.len) : st;
}
