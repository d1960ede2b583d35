#ifndef MODEL_PACK_H
#define MODEL_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * pack: the nouns as bytes for pipes between our own processes. Numbers are
 * varints (LEB128), signed ones zigzag, spans have their length in front.
 *
 * Both sides remember their first trouble, so a body is written or read as one
 * list of calls with one check at the end. A read after trouble gives zero or
 * an empty span. Spans that come out borrow from the bytes that went in.
 */
struct packer {
	struct buf *to;
	enum status st; /* the first trouble, else ST_OK */
};

struct unpacker {
	struct span rest;
	enum status st; /* the first trouble, else ST_OK */
};

static inline struct packer
packer_to(struct buf *to)
{
	return (struct packer){.to = to, .st = ST_OK};
}

static inline struct unpacker
unpacker_of(struct span s)
{
	return (struct unpacker){.rest = s, .st = ST_OK};
}

void pack_num(struct packer *p, uint64_t n);
void pack_int(struct packer *p, int64_t n);
void pack_span(struct packer *p, struct span s);
void pack_bytes(struct packer *p, const void *src, size_t n); /* fixed size */

uint64_t unpack_num(struct unpacker *u);
int64_t unpack_int(struct unpacker *u);
/* A number of at most max; more is trouble. */
uint64_t unpack_upto(struct unpacker *u, uint64_t max);
struct span unpack_span(struct unpacker *u);
void unpack_bytes(struct unpacker *u, void *dst, size_t n);

/* ST_OK when all went well and nothing is left over. */
NODISCARD enum status unpack_end(const struct unpacker *u);

/*
 * For a struct x with put_x(packer, x) and get_x(unpacker, x): x_pack(), and
 * x_unpack(), which makes it zero first. Given to a table of names.
 */
#define PACK_DECLARE(name)                                                     \
	NODISCARD enum status name##_pack(const struct name *m,                \
					  struct buf *to);                     \
	NODISCARD enum status name##_unpack(struct span s, struct name *m);

#define PACK_DEFINE(name)                                                      \
	enum status name##_pack(const struct name *m, struct buf *to)          \
	{                                                                      \
		struct packer p = packer_to(to);                               \
                                                                               \
		put_##name(&p, m);                                             \
		return p.st;                                                   \
	}                                                                      \
                                                                               \
	enum status name##_unpack(struct span s, struct name *m)               \
	{                                                                      \
		struct unpacker u = unpacker_of(s);                            \
                                                                               \
		*m = (struct name){0};                                         \
		get_##name(&u, m);                                             \
		return unpack_end(&u);                                         \
	}

#endif
