#include "proxy-agent/session/sftp_wire.h"

enum { /* which fields an ATTRS has */
       HAS_SIZE = 1,
       HAS_OWNER = 2,
       HAS_MODE = 4,
       HAS_TIMES = 8,
};
#define HAS_MORE UINT32_C(0x80000000)

static const uint8_t *
take(struct wire_in *in, size_t n)
{
	const uint8_t *at = in->rest.ptr;

	if (in->bad || in->rest.len < n) {
		in->bad = true;
		return NULL;
	}
	in->rest = span_of(at + n, in->rest.len - n);
	return at;
}

uint8_t
wire_get_u8(struct wire_in *in)
{
	const uint8_t *p = take(in, 1);

	return p == NULL ? 0 : *p;
}

uint32_t
wire_get_u32(struct wire_in *in)
{
	const uint8_t *p = take(in, 4);

	if (p == NULL)
		return 0;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

uint64_t
wire_get_u64(struct wire_in *in)
{
	uint64_t high = wire_get_u32(in);

	return high << 32 | wire_get_u32(in);
}

struct span
wire_get_string(struct wire_in *in)
{
	uint32_t n = wire_get_u32(in);
	const uint8_t *p = take(in, n);

	return p == NULL ? span_of(NULL, 0) : span_of(p, n);
}

bool
wire_get_attr(struct wire_in *in, struct sftp_attr *out)
{
	uint32_t has = wire_get_u32(in);

	*out = (struct sftp_attr){0};
	if (has & HAS_SIZE) {
		out->size = wire_get_u64(in);
		out->has_size = true;
	}
	if (has & HAS_OWNER) {
		out->uid = wire_get_u32(in);
		out->gid = wire_get_u32(in);
	}
	if (has & HAS_MODE) {
		out->mode = wire_get_u32(in);
		out->has_mode = true;
	}
	if (has & HAS_TIMES) {
		(void)wire_get_u32(in);
		out->mtime = wire_get_u32(in);
	}
	if (has & HAS_MORE)
		for (uint32_t n = wire_get_u32(in); n > 0 && !in->bad; n--) {
			(void)wire_get_string(in);
			(void)wire_get_string(in);
		}
	return !in->bad;
}

enum status
wire_packet(struct span have, size_t max, struct span *out)
{
	struct wire_in in = {.rest = have};
	uint32_t n = wire_get_u32(&in);

	if (in.bad)
		return ST_AGAIN;
	if (n == 0 || n > max)
		return ST_MALFORMED;
	if (n > in.rest.len)
		return ST_AGAIN;
	*out = span_of(in.rest.ptr, n);
	return ST_OK;
}

static void
add(struct wire_out *w, const void *p, size_t n)
{
	if (w->st == ST_OK)
		w->st = buf_add(w->to, p, n);
}

void
wire_u32(struct wire_out *w, uint32_t v)
{
	const uint8_t b[] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16),
			     (uint8_t)(v >> 8), (uint8_t)v};

	add(w, b, sizeof(b));
}

void
wire_u64(struct wire_out *w, uint64_t v)
{
	wire_u32(w, (uint32_t)(v >> 32));
	wire_u32(w, (uint32_t)v);
}

void
wire_string(struct wire_out *w, struct span s)
{
	wire_u32(w, (uint32_t)s.len);
	add(w, s.ptr, s.len);
}

void
wire_begin(struct wire_out *w, struct buf *to, uint8_t kind)
{
	*w = (struct wire_out){.to = to, .at = to->len};
	wire_u32(w, 0);
	add(w, &kind, 1);
}

enum status
wire_end(struct wire_out *w)
{
	uint8_t *head;
	uint32_t n;

	if (w->st != ST_OK) {
		w->to->len = w->at;
		return w->st;
	}
	head = w->to->data + w->at;
	n = (uint32_t)(w->to->len - w->at - 4);
	for (unsigned i = 0; i < 4; i++)
		head[i] = (uint8_t)(n >> (24 - 8 * i));
	return ST_OK;
}
