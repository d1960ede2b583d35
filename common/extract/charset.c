#include "extract/charset.h"

#include <string.h>

#include "base/utf.h"

#define EBCDIC_MIN   16
#define EBCDIC_COUNT 3

uint16_t
charset_char(const struct charset *c, uint8_t byte)
{
	if (c >= charset_ebcdic && c < charset_ebcdic + EBCDIC_COUNT)
		return c->chars[byte];
	return byte < 0x80 ? byte : c->chars[byte - 0x80];
}

static bool
all_ascii(struct span s)
{
	size_t at = 0;
	uint64_t eight, any = 0;

	for (; s.len - at >= 8; at += 8) {
		memcpy(&eight, s.ptr + at, 8);
		any |= eight;
	}
	for (; at < s.len; at++)
		any |= s.ptr[at];
	return (any & UINT64_C(0x8080808080808080)) == 0;
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

static bool
ascii_letter(struct span s, size_t at)
{
	return at < s.len && (uint8_t)((s.ptr[at] | 0x20) - 'a') < 26;
}

/* High bytes beside a letter of ASCII: words are of both. */
static size_t
in_latin_words(struct span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.ptr[i] >= 0x80 && ((i > 0 && ascii_letter(s, i - 1)) ||
					  ascii_letter(s, i + 1));
	return n;
}

static bool
digit(struct span s, size_t at)
{
	return at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';
}

/* High bytes as letters: what stands beside a digit is a blank or a dash. */
static size_t
count_letters(struct span s, size_t n[256])
{
	size_t all = 0;

	memset(n, 0, 256 * sizeof(n[0]));
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] >= 0x80 && !(i > 0 && digit(s, i - 1)) &&
		    !digit(s, i + 1)) {
			n[s.ptr[i]]++;
			all++;
		}
	return all;
}

static const struct charset *
guess_page(struct span s)
{
	size_t n[256], high = count_letters(s, n), most = high / 2;
	bool own = in_latin_words(s) * 4 < high;
	const struct charset *best = &charsets[0];

	for (size_t i = 0; i < charset_count; i++) {
		const struct charset *c = &charsets[i];
		size_t covered = 0;

		for (const char *p = c->often; *p != 0; p++)
			covered += n[(uint8_t)*p];
		if (c->own_script == own && covered > most) {
			most = covered;
			best = c;
		}
	}
	return best;
}

const struct charset *
charset_guess(struct span head)
{
	const struct charset *c;
	size_t n[256];

	/* a character that the end of the head cuts is no error */
	if (all_ascii(head) || head.len - utf_valid_prefix(head) < 4)
		return NULL;
	count(head, n);
	c = guess_ebcdic(n, head.len);
	if (c != NULL)
		return c;
	return controls(n) > 0 ? NULL : guess_page(head);
}
