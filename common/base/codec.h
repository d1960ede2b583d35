#ifndef BASE_CODEC_H
#define BASE_CODEC_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * codec: bytes as text and back, and a checksum. Decoders refuse what an
 * encoder would not have made (ST_MALFORMED): one value has one text.
 */

/* What a hexadecimal digit of either case stands for; -1: it is none. */
static inline int
codec_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Lower case; dst holds 2 * s.len + 1 bytes and ends with a NUL. */
void codec_hex(struct span s, char *dst);

/* Either case; ST_LIMIT when it is not exactly len bytes. */
NODISCARD enum status codec_unhex(struct span s, uint8_t *dst, size_t len);

/* RFC 4648: with padding, or the URL alphabet without. */
enum codec_base64 { CODEC_BASE64, CODEC_BASE64_URL };

NODISCARD enum status codec_base64(enum codec_base64 kind, struct span s,
				   struct buf *to);
NODISCARD enum status codec_unbase64(enum codec_base64 kind, struct span s,
				     struct buf *to);

/* CRC-32C (Castagnoli); start with 0, chain by giving the last result. */
uint32_t codec_crc32c(uint32_t crc, struct span s);

/* The same without help from the processor; for tests. */
uint32_t codec_crc32c_plain(uint32_t crc, struct span s);

/* Little-endian numbers in bytes. */
static inline void
codec_put32(uint8_t *dst, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		dst[i] = (uint8_t)(v >> (8 * i));
}

static inline uint32_t
codec_get32(const uint8_t *src)
{
	return (uint32_t)src[0] | (uint32_t)src[1] << 8 |
	       (uint32_t)src[2] << 16 | (uint32_t)src[3] << 24;
}

static inline void
codec_put64(uint8_t *dst, uint64_t v)
{
	codec_put32(dst, (uint32_t)v);
	codec_put32(dst + 4, (uint32_t)(v >> 32));
}

static inline uint64_t
codec_get64(const uint8_t *src)
{
	return (uint64_t)codec_get32(src) | (uint64_t)codec_get32(src + 4)
						<< 32;
}

/* The same behind what a buf holds. */
NODISCARD enum status codec_add32(struct buf *to, uint32_t v);
NODISCARD enum status codec_add64(struct buf *to, uint64_t v);

/* Variable length (LEB128), at most 10 bytes, shortest form only. */
NODISCARD enum status codec_put_varint(struct buf *to, uint64_t v);
NODISCARD enum status codec_get_varint(struct span *s, uint64_t *v);

/* Length-prefixed bytes: varint, then that many; decoded ones borrow. */
NODISCARD enum status codec_put_span(struct buf *to, struct span s);
NODISCARD enum status codec_get_span(struct span *s, size_t max,
				     struct span *out);

#endif
