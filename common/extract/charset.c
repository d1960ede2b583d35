#include "extract/charset.h"

#include <string.h>

#include "base/utf.h"
#include "extract/lane.h"

#define EBCDIC_MIN 16
#define BEFORE     256  /* bytes of ASCII before the first others */
#define JUDGED     4096 /* bytes that are looked at */

uint16_t
charset_char(const struct charset *c, uint8_t byte)
{
	if (!charset_has_ascii(c))
		return c->chars[byte];
	return byte < 0x80 ? byte : c->chars[byte - 0x80];
}

#define TOGETHER 128 /* bytes: most text is ASCII */

/* The first byte of 80 and above, or the length. */
static size_t
first_high(struct span s)
{
	size_t at = 0;

	for (; s.len - at >= TOGETHER; at += TOGETHER) {
		lane any = {0};

		for (size_t i = 0; i < TOGETHER; i += sizeof(any))
			any |= lane_at(s.ptr + at + i);
		if (lane_high(any))
			break;
	}
	while (at < s.len && s.ptr[at] < 0x80)
		at++;
	return at;
}

static void
count(struct span s, size_t n[256])
{
	memset(n, 0, 256 * sizeof(n[0]));
	for (size_t i = 0; i < s.len; i++)
		n[s.ptr[i]]++;
}

static size_t
sum(const size_t n[256], unsigned from, unsigned to)
{
	size_t all = 0;

	for (unsigned i = from; i <= to; i++)
		all += n[i];
	return all;
}

/* Letters and digits: the same in all three. */
static size_t
ebcdic_words(const size_t n[256])
{
	static const uint8_t ranges[][2] = {
	    {0x81, 0x89}, {0x91, 0x99}, {0xa2, 0xa9}, {0xc1, 0xc9},
	    {0xd1, 0xd9}, {0xe2, 0xe9}, {0xf0, 0xf9},
	};
	size_t all = 0;

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		all += sum(n, ranges[i][0], ranges[i][1]);
	return all;
}

static size_t
ebcdic_marks(const size_t n[256])
{
	/* line ends, blank, . < ( + & * ) ; - / , % _ > ? : # @ ' = " */
	static const uint8_t marks[] = {
	    0x15, 0x25, 0x0d, 0x40, 0x4b, 0x4c, 0x4d, 0x4e, 0x50,
	    0x5c, 0x5d, 0x5e, 0x60, 0x61, 0x6b, 0x6c, 0x6d, 0x6e,
	    0x6f, 0x7a, 0x7b, 0x7c, 0x7d, 0x7e, 0x7f,
	};
	size_t all = 0;

	for (size_t i = 0; i < sizeof(marks); i++)
		all += n[marks[i]];
	return all;
}

static const struct charset *
guess_ebcdic(const size_t n[256], size_t len)
{
	size_t words = ebcdic_words(n);
	unsigned which = 0;

	if (len < EBCDIC_MIN || words * 3 < len ||
	    (words + ebcdic_marks(n)) * 10 < len * 9 ||
	    (n[' '] + n['\n']) * 100 > len)
		return NULL;
	if (n[0x4a] > 0 && n[0x5a] > 0)
		which = 1;
	else if (n[0xad] > 0 && n[0xbd] > 0 && n[0xba] + n[0xbb] == 0)
		which = 2;
	return &charset_ebcdic[which];
}

/* Bytes that no text of a code page has. */
static size_t
controls(const size_t n[256])
{
	return sum(n, 0, 0x1f) + n[0x7f] - n['\t'] - n['\n'] - n['\f'] -
	       n['\r'];
}

/* The character that begins at text[at] is whole only behind the text. */
static bool
cut_off(struct span s, size_t at)
{
	uint8_t lead = s.ptr[at];
	size_t n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2, have = s.len - at;

	if (lead < 0xc2 || lead > 0xf4 || have >= n)
		return false;
	for (size_t i = 1; i < have; i++)
		if ((s.ptr[at + i] & 0xc0) != 0x80)
			return false;
	return true;
}

/* A few bytes that are none do not make UTF-8 another page. */
static bool
mostly_utf8(struct span s)
{
	size_t at = 0, good = 0, bad = 0;
	uint32_t cp;

	while (at < s.len && !cut_off(s, at)) {
		size_t n = utf_decode(span_skip(s, at), &cp);

		good += n > 1 ? n : 0;
		bad += n == 0;
		at += n > 0 ? n : 1;
	}
	return bad == 0 || good > 2 * bad;
}

/* Seven bits, and the escapes of ISO-2022-JP (RFC 1468). */
static bool
is_jis(struct span s)
{
	return s.len > 0 && memchr(s.ptr, 0x1b, s.len) != NULL &&
	       (memmem(s.ptr, s.len, "\x1b$B", 3) != NULL ||
		memmem(s.ptr, s.len, "\x1b$@", 3) != NULL);
}

const struct charset *
charset_guess(struct span head)
{
	size_t n[256], at = first_high(head);
	const struct charset *c;
	struct span s;

	if (at == head.len)
		return is_jis(head) ? &charset_jis : NULL;
	s = span_skip(head, at < BEFORE ? 0 : at - BEFORE);
	if (s.len > JUDGED)
		s.len = JUDGED;
	if (mostly_utf8(s))
		return NULL;
	count(s, n);
	c = guess_ebcdic(n, s.len);
	if (c != NULL)
		return c;
	if (n[0] > 0 || controls(n) * 100 > s.len)
		return NULL;
	return charset_best(s, charset_label(head));
}

const struct charset *
charset_names(struct span names, bool dos)
{
	const struct charset *said = NULL;
	size_t n[256];

	if (mostly_utf8(names))
		return NULL;
	count(names, n);
	if (n[0] > 0 || controls(n) > 0)
		return NULL;
	for (size_t i = 0; dos && i < charset_count; i++)
		if (strcmp(charsets[i].name, "cp850") == 0)
			said = &charsets[i];
	return charset_best(names, said);
}
