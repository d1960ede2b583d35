#ifndef EXTRACT_UTF8_H
#define EXTRACT_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* utf8: one code point as bytes; what is none becomes U+FFFD. */
#define UTF8_MAX 4

static inline size_t
utf8_put(uint8_t *dst, uint32_t c)
{
	if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		c = 0xfffd;
	if (c < 0x80) {
		dst[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		dst[0] = (uint8_t)(0xc0 | c >> 6);
		dst[1] = (uint8_t)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		dst[0] = (uint8_t)(0xe0 | c >> 12);
		dst[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		dst[2] = (uint8_t)(0x80 | (c & 0x3f));
		return 3;
	}
	dst[0] = (uint8_t)(0xf0 | c >> 18);
	dst[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
	dst[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	dst[3] = (uint8_t)(0x80 | (c & 0x3f));
	return 4;
}

#endif
