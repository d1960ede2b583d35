#ifndef UNIT_EXTRACT_MAKE_H
#define UNIT_EXTRACT_MAKE_H

#include <libdeflate.h>

#include "tests/unit/extract/collect.h"

/* make: archives for tests, with every field in the caller's hand. */
static inline void
put_le(struct buf *b, uint64_t v, unsigned bytes)
{
	for (; bytes > 0; bytes--, v >>= 8)
		assert_int_equal(buf_add_byte(b, (uint8_t)v), ST_OK);
}

static inline void
put_bytes(struct buf *b, struct span s)
{
	assert_int_equal(buf_add(b, s.ptr, s.len), ST_OK);
}

static inline void
put_deflated(struct buf *to, struct span s)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	size_t room = libdeflate_deflate_compress_bound(c, s.len);

	assert_int_equal(buf_reserve(to, room), ST_OK);
	to->len += libdeflate_deflate_compress(c, s.ptr, s.len,
					       to->data + to->len, room);
	libdeflate_free_compressor(c);
}

/* One gzip member; name NULL: none. */
static inline void
put_gzip(struct buf *to, struct span s, const char *name)
{
	static const uint8_t head[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
	size_t at = to->len;

	put_bytes(to, span_of(head, sizeof(head)));
	if (name != NULL) {
		to->data[at + 3] = 8;
		put_bytes(to, span_of(name, strlen(name) + 1));
	}
	put_deflated(to, s);
	put_le(to, libdeflate_crc32(0, s.ptr, s.len), 4);
	put_le(to, s.len, 4);
}

/* A zip being made: members first, then zip_end(). */
struct zip_make {
	struct buf out, directory;
	unsigned count;
};

struct zip_spec {
	const char *name;
	struct span content;
	bool stored, descriptor, encrypted;
	uint16_t method;   /* 0: by `stored` */
	int64_t lie;       /* added to the size that is promised */
	struct span extra; /* field behind the name */
};

static inline void
zip_begin(struct zip_make *z)
{
	buf_init(&z->out, 1u << 28);
	buf_init(&z->directory, 1u << 24);
	z->count = 0;
}

static inline void
put_fields(struct buf *b, const struct zip_spec *m, uint32_t crc, size_t packed,
	   bool hidden)
{
	unsigned method = m->method != 0 ? m->method : m->stored ? 0 : 8;

	put_le(b, (m->encrypted ? 1u : 0) | (m->descriptor ? 8u : 0), 2);
	put_le(b, method, 2);
	put_le(b, 0, 4); /* time */
	put_le(b, hidden ? 0 : crc, 4);
	put_le(b, hidden ? 0 : packed, 4);
	put_le(b, hidden ? 0 : m->content.len + (uint64_t)m->lie, 4);
	put_le(b, strlen(m->name), 2);
	put_le(b, m->extra.len, 2);
}

static inline void
zip_add(struct zip_make *z, const struct zip_spec *m)
{
	uint32_t crc = libdeflate_crc32(0, m->content.ptr, m->content.len);
	size_t local = z->out.len, data;
	struct buf body;

	buf_init(&body, 1u << 28);
	if (m->stored)
		put_bytes(&body, m->content);
	else
		put_deflated(&body, m->content);
	put_le(&z->out, 0x04034b50, 4);
	put_le(&z->out, 20, 2);
	put_fields(&z->out, m, crc, body.len, m->descriptor);
	put_bytes(&z->out, span_str(m->name));
	put_bytes(&z->out, m->extra);
	data = z->out.len;
	put_bytes(&z->out, buf_span(&body));
	if (m->descriptor) {
		put_le(&z->out, 0x08074b50, 4);
		put_le(&z->out, crc, 4);
		put_le(&z->out, body.len, 4);
		put_le(&z->out, m->content.len, 4);
	}
	put_le(&z->directory, 0x02014b50, 4);
	put_le(&z->directory, 20, 2);
	put_le(&z->directory, 20, 2);
	put_fields(&z->directory, m, crc, body.len, false);
	put_le(&z->directory, 0, 2); /* comment */
	put_le(&z->directory, 0, 8); /* disk, attributes */
	put_le(&z->directory, local, 4);
	put_bytes(&z->directory, span_str(m->name));
	put_bytes(&z->directory, m->extra);
	z->count++;
	assert_true(data > local);
	buf_fini(&body);
}

static inline void
zip_add_text(struct zip_make *z, const char *name, const char *text)
{
	const struct zip_spec m = {.name = name, .content = span_str(text)};

	zip_add(z, &m);
}

static inline struct span
zip_end(struct zip_make *z, const char *comment)
{
	size_t start = z->out.len;

	put_bytes(&z->out, buf_span(&z->directory));
	put_le(&z->out, 0x06054b50, 4);
	put_le(&z->out, 0, 4);
	put_le(&z->out, z->count, 2);
	put_le(&z->out, z->count, 2);
	put_le(&z->out, z->directory.len, 4);
	put_le(&z->out, start, 4);
	put_le(&z->out, strlen(comment), 2);
	put_bytes(&z->out, span_str(comment));
	return buf_span(&z->out);
}

static inline void
zip_free(struct zip_make *z)
{
	buf_fini(&z->out);
	buf_fini(&z->directory);
}

#endif
