#include "model/pack.h"

#include <string.h>

#define VARINT_MAX 10 /* bytes of 64 bits in groups of 7 */

static void
add(struct packer *p, const void *src, size_t n)
{
	if (p->st == ST_OK)
		p->st = buf_add(p->to, src, n);
}

void
pack_num(struct packer *p, uint64_t n)
{
	uint8_t bytes[VARINT_MAX];
	size_t len = 0;

	while (n >= 0x80) {
		bytes[len++] = (uint8_t)(n | 0x80);
		n >>= 7;
	}
	bytes[len++] = (uint8_t)n;
	add(p, bytes, len);
}

void
pack_int(struct packer *p, int64_t n)
{
	pack_num(p, ((uint64_t)n << 1) ^ (n < 0 ? UINT64_MAX : 0));
}

void
pack_span(struct packer *p, struct span s)
{
	pack_num(p, s.len);
	add(p, s.ptr, s.len);
}

void
pack_bytes(struct packer *p, const void *src, size_t n)
{
	add(p, src, n);
}

static uint64_t
spoil(struct unpacker *u)
{
	u->st = ST_MALFORMED;
	u->rest = span_of(NULL, 0);
	return 0;
}

uint64_t
unpack_num(struct unpacker *u)
{
	uint64_t n = 0;

	for (size_t i = 0; i < VARINT_MAX && i < u->rest.len; i++) {
		uint8_t byte = u->rest.ptr[i];

		if (i == VARINT_MAX - 1 && byte > 1)
			return spoil(u); /* more than 64 bits */
		n |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			u->rest = span_skip(u->rest, i + 1);
			return n;
		}
	}
	return spoil(u);
}

int64_t
unpack_int(struct unpacker *u)
{
	uint64_t n = unpack_num(u);

	return (int64_t)((n >> 1) ^ ((n & 1) != 0 ? UINT64_MAX : 0));
}

uint64_t
unpack_upto(struct unpacker *u, uint64_t max)
{
	uint64_t n = unpack_num(u);

	return n <= max ? n : spoil(u);
}

struct span
unpack_span(struct unpacker *u)
{
	uint64_t n = unpack_num(u);
	struct span s;

	if (n > u->rest.len) {
		spoil(u);
		return span_of(NULL, 0);
	}
	s = span_of(u->rest.ptr, (size_t)n);
	u->rest = span_skip(u->rest, (size_t)n);
	return s;
}

void
unpack_bytes(struct unpacker *u, void *dst, size_t n)
{
	if (n > u->rest.len) {
		spoil(u);
		memset(dst, 0, n);
		return;
	}
	if (n > 0)
		memcpy(dst, u->rest.ptr, n);
	u->rest = span_skip(u->rest, n);
}

enum status
unpack_end(const struct unpacker *u)
{
	if (u->st != ST_OK)
		return u->st;
	return u->rest.len == 0 ? ST_OK : ST_MALFORMED;
}
