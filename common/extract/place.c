#include <string.h>

#include "extract/extract.h"

static const struct span separator = {(const uint8_t *)" \xe2\x86\x92 ",
				      5}; /* " → " */

struct span
extract_place(const struct extract_window *w, size_t off,
	      char dst[EXTRACT_PLACE_MAX], uint64_t *offset)
{
	uint64_t origin = extract_origin(w, off), base = 0;
	size_t sep = w->place.len > 0 ? separator.len : 0;
	size_t at = w->place.len + sep, n;

	*offset = origin;
	if (w->where == NULL || at >= EXTRACT_PLACE_MAX)
		return w->place;
	n = w->where->say(w->where->arg, origin, &base, dst + at,
			  EXTRACT_PLACE_MAX - at);
	*offset = origin - (base < origin ? base : origin);
	if (n == 0)
		return w->place;
	if (w->place.len > 0)
		memcpy(dst, w->place.ptr, w->place.len);
	memcpy(dst + w->place.len, separator.ptr, sep);
	return span_of(dst, at + n);
}

size_t
extract_place_end(const struct extract_window *w, size_t off)
{
	size_t low = off + 1, high = w->to;
	uint64_t next;

	if (w->where == NULL || w->where->next == NULL || low >= high)
		return w->to;
	next = w->where->next(w->where->arg, extract_origin(w, off));
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (extract_origin(w, mid) < next)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

enum holds
extract_holds(const struct extract_window *w, size_t off)
{
	if (w->where == NULL || w->where->holds == NULL)
		return HOLDS_ANY;
	return w->where->holds(w->where->arg, extract_origin(w, off));
}
