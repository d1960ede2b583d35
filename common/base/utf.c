#include "base/utf.h"

/*
 * By first byte: how many more follow, and what the second may be. This is
 * table 3-7 of the Unicode standard: no overlong form, no surrogate.
 */
static size_t
more_bytes(uint8_t first, uint8_t *low, uint8_t *high)
{
	*low = 0x80;
	*high = 0xbf;
	if (first >= 0xc2 && first <= 0xdf)
		return 1;
	if (first >= 0xe0 && first <= 0xef) {
		*low = first == 0xe0 ? 0xa0 : 0x80;
		*high = first == 0xed ? 0x9f : 0xbf;
		return 2;
	}
	if (first >= 0xf0 && first <= 0xf4) {
		*low = first == 0xf0 ? 0x90 : 0x80;
		*high = first == 0xf4 ? 0x8f : 0xbf;
		return 3;
	}
	return 0;
}

size_t
utf_decode(struct span s, uint32_t *cp)
{
	uint8_t low, high;
	uint32_t v;
	size_t more;

	if (s.len == 0)
		return 0;
	if (s.ptr[0] < 0x80) {
		*cp = s.ptr[0];
		return 1;
	}
	more = more_bytes(s.ptr[0], &low, &high);
	if (more == 0 || s.len <= more || s.ptr[1] < low || s.ptr[1] > high)
		return 0;
	v = s.ptr[0] & (0x3fu >> more);
	for (size_t i = 1; i <= more; i++) {
		if ((s.ptr[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (s.ptr[i] & 0x3fu);
	}
	*cp = v;
	return more + 1;
}

size_t
utf_encode(uint32_t cp, uint8_t dst[4])
{
	if (cp < 0x80) {
		dst[0] = (uint8_t)cp;
		return 1;
	}
	if (cp < 0x800) {
		dst[0] = (uint8_t)(0xc0 | cp >> 6);
		dst[1] = (uint8_t)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		if (cp >= 0xd800 && cp <= 0xdfff)
			return 0;
		dst[0] = (uint8_t)(0xe0 | cp >> 12);
		dst[1] = (uint8_t)(0x80 | (cp >> 6 & 0x3f));
		dst[2] = (uint8_t)(0x80 | (cp & 0x3f));
		return 3;
	}
	if (cp > 0x10ffff)
		return 0;
	dst[0] = (uint8_t)(0xf0 | cp >> 18);
	dst[1] = (uint8_t)(0x80 | (cp >> 12 & 0x3f));
	dst[2] = (uint8_t)(0x80 | (cp >> 6 & 0x3f));
	dst[3] = (uint8_t)(0x80 | (cp & 0x3f));
	return 4;
}

/* Three bytes of U+1000 to U+CFFF: what hides a value is of them. */
static inline bool
is_common_three(struct span s)
{
	return s.len >= 3 && s.ptr[0] >= 0xe1 && s.ptr[0] <= 0xec &&
	       (s.ptr[1] & 0xc0) == 0x80 && (s.ptr[2] & 0xc0) == 0x80;
}

static inline size_t
valid_one(struct span s)
{
	uint32_t cp;

	if (s.ptr[0] < 0x80)
		return 1;
	return is_common_three(s) ? 3 : utf_decode(s, &cp);
}

size_t
utf_valid_prefix(struct span s)
{
	size_t at = 0;

	while (at < s.len) {
		uint64_t word;
		size_t n;

		/* Most text is ASCII: eight bytes at once. */
		if (s.len - at >= sizeof(word)) {
			memcpy(&word, s.ptr + at, sizeof(word));
			if ((word & UINT64_C(0x8080808080808080)) == 0) {
				at += sizeof(word);
				continue;
			}
		}
		n = valid_one(span_skip(s, at));
		if (n == 0)
			break;
		at += n;
	}
	return at;
}

bool
utf_valid(struct span s)
{
	return utf_valid_prefix(s) == s.len;
}

enum status
utf_from_bytes(struct buf *to, struct span bytes)
{
	static const char hex[] = "0123456789abcdef";
	enum status st = ST_OK;

	while (st == ST_OK && bytes.len > 0) {
		size_t n = utf_valid_prefix(bytes);

		st = buf_add(to, bytes.ptr, n);
		bytes = span_skip(bytes, n);
		if (st == ST_OK && bytes.len > 0) {
			uint8_t b = bytes.ptr[0];
			char text[4] = {'\\', 'x', hex[b >> 4], hex[b & 15]};

			st = buf_add(to, text, sizeof(text));
			bytes = span_skip(bytes, 1);
		}
	}
	return st;
}
