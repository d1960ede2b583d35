#include "extract/sniff.h"

#include <string.h>

/*
 * Magics that are certain at offset 0; a longer one stands before its prefix.
 */
static const struct {
	const char *bytes;
	size_t len;
	enum sniff is;
} magics[] = {
    {"\xff\xfe\0\0", 4, SNIFF_UTF32LE},
    {"\0\0\xfe\xff", 4, SNIFF_UTF32BE},
    {"\xff\xfe", 2, SNIFF_UTF16LE},
    {"\xfe\xff", 2, SNIFF_UTF16BE},
};

static bool
texty(uint8_t c)
{
	return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\r';
}

/*
 * What zero bytes say about the width of characters: ASCII in UTF-16 and
 * UTF-32 leaves them at fixed places, binary data anywhere.
 */
static bool
wide32(struct span s, size_t at)
{
	size_t n = s.len / 4, ascii = 0, zero = 0;

	for (size_t i = 0; i < n; i++) {
		const uint8_t *u = s.ptr + 4 * i;
		unsigned others = 0;

		for (size_t k = 0; k < 4; k++)
			others += k != at && u[k] != 0;
		ascii += others == 0 && texty(u[at]);
		zero += others == 0 && u[at] == 0;
	}
	return n >= 2 && ascii * 2 >= n && zero * 50 <= n;
}

/* Control characters, lone surrogates and nonchars are rare in real text. */
static bool
odd_unit(unsigned u)
{
	return (u < 0x20 && u != '\t' && u != '\n' && u != '\r') ||
	       (u >= 0x7f && u < 0xa0) || (u >= 0xd800 && u < 0xf900) ||
	       u >= 0xfff0;
}

/* A surrogate pair begins at i. */
static bool
paired(struct span s, size_t i, size_t at)
{
	unsigned high = s.ptr[i + 1 - at];

	return (high & 0xfc) == 0xd8 && i + 4 <= s.len &&
	       (s.ptr[i + 3 - at] & 0xfc) == 0xdc;
}

static bool
wide16(struct span s, size_t at)
{
	size_t n = s.len / 2, ascii = 0, odd = 0, flipped = 0;

	for (size_t i = 0; i + 2 <= s.len; i += 2) {
		unsigned lo = s.ptr[i + at], hi = s.ptr[i + 1 - at];

		if (paired(s, i, at)) {
			i += 2;
			continue;
		}
		ascii += hi == 0 && texty((uint8_t)lo);
		flipped += lo == 0 && texty((uint8_t)hi);
		odd += odd_unit(hi << 8 | lo);
	}
	/* a few zero bytes by chance are no proof in a short text */
	return n >= 2 && ascii * 10 >= n && (ascii >= 8 || ascii * 2 >= n) &&
	       ascii > flipped * 4 && odd * 50 <= n;
}

static enum sniff
sniff_width(struct span s)
{
	if (s.len > 4096)
		s.len = 4096;
	if (wide32(s, 0))
		return SNIFF_UTF32LE;
	if (wide32(s, 3))
		return SNIFF_UTF32BE;
	if (wide16(s, 0))
		return SNIFF_UTF16LE;
	if (wide16(s, 1))
		return SNIFF_UTF16BE;
	return SNIFF_BYTES;
}

enum sniff
sniff_bytes(struct span head)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (head.len >= magics[i].len &&
		    head.ptr[0] == (uint8_t)magics[i].bytes[0] &&
		    memcmp(head.ptr, magics[i].bytes, magics[i].len) == 0)
			return magics[i].is;
	if (head.len == 0 || memchr(head.ptr, 0, head.len) == NULL)
		return SNIFF_BYTES;
	return sniff_width(head);
}

/* Bytes that are looked at together, of which the compiler makes vectors. */
typedef uint8_t lane __attribute__((vector_size(16)));
#define LANES 4

void
sniff_look(struct span s, bool *zeros, bool *high)
{
	lane none = {0}, tops = {0}, v[LANES];
	uint64_t top[2], zero[2];
	size_t at = 0;

	for (; s.len - at >= sizeof(v); at += sizeof(v)) {
		memcpy(v, s.ptr + at, sizeof(v));
		for (unsigned i = 0; i < LANES; i++) {
			none |= (lane)(v[i] == 0);
			tops |= v[i];
		}
	}
	memcpy(top, &tops, sizeof(top));
	memcpy(zero, &none, sizeof(zero));
	*zeros = (zero[0] | zero[1]) != 0;
	*high = ((top[0] | top[1]) & UINT64_C(0x8080808080808080)) != 0;
	for (; at < s.len; at++) {
		*zeros |= s.ptr[at] == 0;
		*high |= s.ptr[at] > 0x7f;
	}
}
