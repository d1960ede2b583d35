#include "extract/escape.h"

/* The byte that the escape at text[at] stands for, -1 when there is none. */
static int
escaped(struct span t, size_t at)
{
	if (at >= t.len || t.ptr[at] != '%' || t.len - at < 3)
		return -1;
	return escape_hex(t.ptr + at + 1);
}

/*
 * RFC 3986 2.1. "%02x" and "%ad" are formats: what stands for no printable
 * character of ASCII is certain only before another escape.
 */
static bool
certain(struct span t, size_t at)
{
	int c = escaped(t, at);

	return c >= 0 && ((c >= ' ' && c < 0x7f) || escaped(t, at + 3) >= 0);
}

static bool
alnum(uint8_t c)
{
	return (c >= '0' && c <= '9') || (uint8_t)((c | 0x20) - 'a') < 26;
}

/* A form's + within words is a blank. */
static size_t
decode(struct span t, size_t at, int *c)
{
	int byte = escaped(t, at);

	if (byte >= 0) {
		*c = byte;
		return 3;
	}
	if (t.ptr[at] != '+' || at == 0 || t.len - at < 2 ||
	    !alnum(t.ptr[at - 1]) || !alnum(t.ptr[at + 1]))
		return 0;
	*c = ' ';
	return 1;
}

const struct escape_kind escape_percent = {'%', certain, decode};
