#include "extract/escape.h"

#define LINE_MIN 20 /* a soft break ends a line of so many bytes */
#define LINE_MAX 80 /* RFC 2045 allows 76 */

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Bytes of the line break at text[at], 0 when there is none. */
static size_t
line_break(struct span t, size_t at)
{
	if (at < t.len && t.ptr[at] == '\n')
		return 1;
	if (t.len - at >= 2 && t.ptr[at] == '\r' && t.ptr[at + 1] == '\n')
		return 2;
	return 0;
}

/* The line that ends at text[at] is as long as folded ones are. */
static bool
folded_line(struct span t, size_t at)
{
	size_t n = 0;

	while (n < at && n < LINE_MAX && t.ptr[at - 1 - n] != '\n')
		n++;
	return n >= LINE_MIN && n < LINE_MAX;
}

/*
 * "key=10" is no escape. Certain are: a soft line break (not the end of a line
 * of =), =3D (no text of quoted-printable has another =), two escapes side by
 * side, upper-case ones of bytes from A0 on, and blanks and dashes between
 * digits.
 */
static bool
certain(struct span t, size_t at)
{
	const uint8_t *p = t.ptr + at;
	size_t left = t.len - at;
	int c;

	if (p[0] != '=' || left < 2)
		return false;
	if (line_break(t, at + 1) > 0)
		return folded_line(t, at) && p[-1] != '=';
	c = left < 3 ? -1 : escape_hex(p + 1);
	if (c < 0)
		return false;
	if (c == '=' || (c >= 0xa0 && p[1] < 'a' && p[2] < 'a'))
		return true;
	if (left >= 6 && p[3] == '=' && escape_hex(p + 4) >= 0)
		return true;
	return (c == ' ' || c == '-' || c == '\t') && left >= 4 && at > 0 &&
	       digit(p[-1]) && digit(p[3]);
}

static size_t
decode(struct span t, size_t at, int *c)
{
	size_t n;
	int byte;

	if (t.ptr[at] != '=' || t.len - at < 2)
		return 0;
	n = line_break(t, at + 1);
	if (n > 0) {
		*c = -1;
		return 1 + n;
	}
	byte = t.len - at < 3 ? -1 : escape_hex(t.ptr + at + 1);
	if (byte < 0)
		return 0;
	*c = byte;
	return 3;
}

const struct escape_kind escape_quoted = {'=', certain, decode};
