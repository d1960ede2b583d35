#include "extract/pdf/glyph.h"

#include <string.h>

static int
compare(struct span a, const char *b)
{
	size_t n = strlen(b);
	int c = memcmp(a.ptr, b, a.len < n ? a.len : n);

	return c != 0 ? c : a.len < n ? -1 : a.len > n;
}

/* n digits at the end of the name; 0 when there are others, or none. */
static uint32_t
digits(struct span s, size_t from, uint32_t base)
{
	uint32_t v = 0;

	if (s.len <= from || s.len - from > 6)
		return 0;
	for (size_t i = from; i < s.len; i++) {
		uint8_t c = s.ptr[i];
		uint32_t d = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
			     : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
						    : 16;

		if (d >= base)
			return 0;
		v = v * base + d;
	}
	return v;
}

/* "uni20AC" and "u20AC" carry it themselves. */
static uint32_t
carried(struct span s)
{
	if (s.len >= 7 && memcmp(s.ptr, "uni", 3) == 0)
		return digits(span_of(s.ptr, 7), 3, 16);
	if (s.len >= 5 && s.len <= 7 && s.ptr[0] == 'u')
		return digits(s, 1, 16);
	return 0;
}

uint32_t
pdf_glyph(struct span name)
{
	const uint8_t *dot =
	    name.len > 1 ? memchr(name.ptr + 1, '.', name.len - 1) : NULL;
	size_t low = 0, high = pdf_glyph_count;

	if (dot != NULL)
		name.len = (size_t)(dot - name.ptr); /* "one.oldstyle" */
	if (name.len == 0)
		return 0;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = compare(name, pdf_glyph_names[mid].name);

		if (c == 0)
			return pdf_glyph_names[mid].to;
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return carried(name);
}
