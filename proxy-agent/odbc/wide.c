#include "proxy-agent/odbc/wide.h"

#include "base/utf.h"

#define REPLACEMENT 0xfffdu

static enum status
add_unit(struct buf *to, uint32_t unit)
{
	const uint16_t u = (uint16_t)unit;

	return buf_add(to, &u, sizeof(u));
}

enum status
wide_of(struct buf *to, struct span utf8)
{
	enum status st = ST_OK;

	while (st == ST_OK && utf8.len > 0) {
		uint32_t cp = 0;
		size_t n = utf_decode(utf8, &cp);

		if (n == 0)
			return ST_MALFORMED;
		utf8 = span_skip(utf8, n);
		if (cp < 0x10000) {
			st = add_unit(to, cp);
			continue;
		}
		cp -= 0x10000;
		st = add_unit(to, 0xd800 | cp >> 10);
		if (st == ST_OK)
			st = add_unit(to, 0xdc00 | (cp & 0x3ff));
	}
	return st == ST_OK ? add_unit(to, 0) : st;
}

/* The code point that begins at *at, which moves behind it. */
static uint32_t
take(const uint16_t *units, size_t count, size_t *at)
{
	uint32_t first = units[(*at)++], second;

	if (first < 0xd800 || first > 0xdfff)
		return first;
	if (first > 0xdbff || *at == count)
		return REPLACEMENT;
	second = units[*at];
	if (second < 0xdc00 || second > 0xdfff)
		return REPLACEMENT;
	(*at)++;
	return 0x10000 + ((first & 0x3ff) << 10 | (second & 0x3ff));
}

enum status
wide_text(struct buf *to, const uint16_t *units, size_t count)
{
	enum status st = buf_reserve(to, count * 3);
	size_t at = 0;

	while (st == ST_OK && at < count) {
		uint8_t utf8[4];
		size_t n = utf_encode(take(units, count, &at), utf8);

		st = buf_add(to, utf8, n);
	}
	return st;
}
