#include "extract/escape.h"

/* RFC 3986 2.1; any two hex digits behind % are one. */
static bool
certain(struct span t, size_t at)
{
	return t.ptr[at] == '%' && t.len - at >= 3 &&
	       escape_hex(t.ptr + at + 1) >= 0;
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
	if (certain(t, at)) {
		*c = escape_hex(t.ptr + at + 1);
		return 3;
	}
	if (t.ptr[at] != '+' || at == 0 || t.len - at < 2 ||
	    !alnum(t.ptr[at - 1]) || !alnum(t.ptr[at + 1]))
		return 0;
	*c = ' ';
	return 1;
}

const struct escape_kind escape_percent = {'%', certain, decode};
