#include "extract/sniff.h"

#include <string.h>

#include "extract/lane.h"

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
		ascii += others == 0 && sniff_texty(u[at]);
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
		ascii += hi == 0 && sniff_texty((uint8_t)lo);
		flipped += lo == 0 && sniff_texty((uint8_t)hi);
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

/*
 * Some formats begin with the bytes of a mark, and some programs write ASCII
 * behind one. A mark is believed unless next to all behind it is ASCII, or one
 * character in sixteen cannot be one.
 */
static bool
marks_nothing(struct span s, enum sniff is)
{
	size_t at = is == SNIFF_UTF16LE ? 0 : 1, ascii = 0, odd = 0;

	if (s.len > 4096)
		s.len = 4096;
	if (s.len < 32 || (is != SNIFF_UTF16LE && is != SNIFF_UTF16BE))
		return false;
	for (size_t i = 0; i + 2 <= s.len; i += 2) {
		ascii += sniff_texty(s.ptr[i]) && sniff_texty(s.ptr[i + 1]);
		if (paired(s, i, at))
			i += 2;
		else
			odd += odd_unit((unsigned)s.ptr[i + 1 - at] << 8 |
					s.ptr[i + at]);
	}
	return ascii * 20 > s.len * 9 || odd * 32 > s.len;
}

enum sniff
sniff_bytes(struct span head)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (head.len >= magics[i].len &&
		    head.ptr[0] == (uint8_t)magics[i].bytes[0] &&
		    memcmp(head.ptr, magics[i].bytes, magics[i].len) == 0)
			return marks_nothing(span_skip(head, magics[i].len),
					     magics[i].is)
				   ? SNIFF_BYTES
				   : magics[i].is;
	if (head.len == 0 || memchr(head.ptr, 0, head.len) == NULL)
		return SNIFF_BYTES;
	return sniff_width(head);
}

#define LANES 4 /* are looked at together */
#define STEP  (LANES * sizeof(lane))
#define SHIFT 0x1b /* escape: ISO 2022 */

struct sums {
	lane tops, zeros, shifts;
};

static inline struct sums
look_step(struct sums s, const uint8_t *p)
{
	for (size_t at = 0; at < STEP; at += sizeof(lane)) {
		lane v = lane_at(p + at);

		s.tops |= v;
		s.zeros |= (lane)(v == 0);
		s.shifts |= (lane)(v == SHIFT);
	}
	return s;
}

struct sniff_seen
sniff_look(struct span s)
{
	struct sums all = {{0}, {0}, {0}};
	uint8_t few[STEP];

	for (size_t at = 0; s.len - at >= STEP; at += STEP)
		all = look_step(all, s.ptr + at);
	if (s.len >= STEP) {
		all = look_step(all, s.ptr + s.len - STEP);
	} else if (s.len > 0) {
		memset(few, ' ', sizeof(few));
		memcpy(few, s.ptr, s.len);
		all = look_step(all, few);
	}
	return (struct sniff_seen){
	    .zeros = lane_any(all.zeros),
	    .high = lane_high(all.tops),
	    .shifts = lane_any(all.shifts),
	};
}
