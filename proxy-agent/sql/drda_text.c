#include "proxy-agent/sql/drda_text.h"

#include <stddef.h>

/* Of CCSID 500, from the blank to the tilde of ASCII. */
static const uint8_t ebcdic[] = {
    0x40, 0x4f, 0x7f, 0x7b, 0x5b, 0x6c, 0x50, 0x7d, 0x4d, 0x5d, 0x5c, 0x4e,
    0x6b, 0x60, 0x4b, 0x61, 0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7,
    0xf8, 0xf9, 0x7a, 0x5e, 0x4c, 0x7e, 0x6e, 0x6f, 0x7c, 0xc1, 0xc2, 0xc3,
    0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6,
    0xd7, 0xd8, 0xd9, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0x4a,
    0xe0, 0x5a, 0x5f, 0x6d, 0x79, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87,
    0x88, 0x89, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0xa2,
    0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xc0, 0xbb, 0xd0, 0xa1,
};

bool
drda_text_ebcdic(uint8_t ascii, uint8_t *out)
{
	if (ascii < ' ' || ascii > '~')
		return false;
	*out = ebcdic[ascii - ' '];
	return true;
}

static char
ascii_of(uint8_t c)
{
	for (size_t i = 0; i < sizeof(ebcdic); i++)
		if (ebcdic[i] == c)
			return (char)(' ' + i);
	return '?';
}

void
drda_text_plain(char *dst, size_t room, struct span text, bool utf8)
{
	size_t n = text.len < room ? text.len : room - 1;

	for (size_t i = 0; i < n; i++) {
		char c = (char)text.ptr[i];

		if (!utf8)
			c = ascii_of(text.ptr[i]);
		dst[i] = (char)(c < ' ' || c > '~' ? '?' : c);
	}
	dst[n] = 0;
}

/* ---- text of cells ---- */

static enum status
add_letter(struct buf *to, uint32_t c)
{
	uint8_t u[4] = {(uint8_t)c};
	size_t n = 1;

	if (c >= 0x10000) {
		u[0] = (uint8_t)(0xf0 | c >> 18);
		u[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
		n = 2;
	} else if (c >= 0x800) {
		u[0] = (uint8_t)(0xe0 | c >> 12);
	} else if (c >= 0x80) {
		u[0] = (uint8_t)(0xc0 | c >> 6);
	}
	if (c >= 0x800)
		u[n++] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	if (c >= 0x80)
		u[n++] = (uint8_t)(0x80 | (c & 0x3f));
	return buf_add(to, u, n);
}

static enum status
add_utf8(struct buf *to, struct span s)
{
	return s.len == 0 ? ST_OK : buf_add(to, s.ptr, s.len);
}

static enum status
add_latin1(struct buf *to, struct span s)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < s.len; i++)
		st = add_letter(to, s.ptr[i]);
	return st;
}

/* 0x80 to 0x9f of Windows-1252. */
static enum status
add_windows(struct buf *to, struct span s)
{
	static const uint16_t letters[32] = {
	    0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
	    0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
	};
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < s.len; i++) {
		uint8_t c = s.ptr[i];

		st = add_letter(to,
				c >= 0x80 && c < 0xa0 ? letters[c - 0x80] : c);
	}
	return st;
}

static enum status
add_utf16(struct buf *to, struct span s)
{
	enum status st = ST_OK;
	size_t i = 0;

	while (st == ST_OK && i + 1 < s.len) {
		uint32_t c = (uint32_t)s.ptr[i] << 8 | s.ptr[i + 1], low = 0;

		i += 2;
		if (c >= 0xd800 && c < 0xdc00 && i + 1 < s.len)
			low = (uint32_t)s.ptr[i] << 8 | s.ptr[i + 1];
		if (low >= 0xdc00 && low < 0xe000) {
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			i += 2;
		} else if (c >= 0xd800 && c < 0xe000) {
			c = 0xfffd;
		}
		st = add_letter(to, c);
	}
	return st == ST_OK && i < s.len ? add_letter(to, 0xfffd) : st;
}

static const struct page {
	uint16_t ccsid;
	enum status (*add)(struct buf *to, struct span s);
} pages[] = {
    {DRDA_UTF8, add_utf8},   {1209, add_utf8},    {367, add_utf8},
    {DRDA_UTF16, add_utf16}, {13488, add_utf16},  {17584, add_utf16},
    {819, add_latin1},       {1252, add_windows}, {5348, add_windows},
};

static const struct page *
page_of(uint16_t ccsid)
{
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (pages[i].ccsid == ccsid)
			return &pages[i];
	return NULL;
}

bool
drda_text_known(uint16_t ccsid)
{
	return page_of(ccsid) != NULL;
}

enum status
drda_text_add(struct buf *to, uint16_t ccsid, struct span text)
{
	const struct page *p = page_of(ccsid);

	return p == NULL ? ST_UNSUPPORTED : p->add(to, text);
}
