#include "scan/seen.h"

#include <stdlib.h>
#include <string.h>

#define CELL     32 /* original bytes that share a slot */
#define CELL_MAX 64 /* cells of one stretch that are kept; the last, too */

struct seen *
seen_new(void)
{
	struct seen *s = calloc(1, sizeof(*s));

	if (s != NULL) {
		s->empty = true;
		s->epoch = 1;
	}
	return s;
}

void
seen_free(struct seen *s)
{
	free(s);
}

void
seen_clear(struct seen *s)
{
	s->place = 0;
	if (s->empty)
		return;
	s->empty = true;
	if (++s->epoch == 0) { /* old ones would be new again */
		memset(s->stretches, 0, sizeof(s->stretches));
		s->epoch = 1;
	}
}

void
seen_place(struct seen *s, struct span place)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

	for (size_t i = 0; i < place.len; i++)
		h = (h ^ place.ptr[i]) * UINT64_C(0x100000001b3);
	if (h != s->place)
		seen_clear(s);
	s->place = h;
}

/* Side by side for the cells of a type: none pushes out its neighbours. */
static size_t
first_slot(const char *type, uint64_t cell)
{
	uint64_t h = (uintptr_t)type * UINT64_C(0x9e3779b97f4a7c15) >> 40;

	return (size_t)(h + cell) % (SEEN_MAX / SEEN_WAYS) * SEEN_WAYS;
}

/* The cells of a stretch: its first ones, then its last. */
static uint64_t
next_cell(uint64_t cell, uint64_t first, uint64_t last)
{
	cell++;
	return cell - first >= CELL_MAX && cell < last ? last : cell;
}

static bool
cell_has(const struct seen *s, uint64_t cell, const struct seen_stretch *want)
{
	const struct seen_stretch *at =
	    s->stretches + first_slot(want->type, cell);

	for (size_t i = 0; i < SEEN_WAYS; i++, at++)
		if (at->epoch == s->epoch && at->type == want->type &&
		    at->from < want->from + want->len &&
		    want->from < at->from + at->len)
			return true;
	return false;
}

bool
seen_before(const struct seen *s, const char *type, uint64_t from, uint64_t to)
{
	uint64_t first = from / CELL, last = (to - (to > from)) / CELL;
	const struct seen_stretch want = {type, from, (uint32_t)(to - from), 0};

	if (s->empty)
		return false;
	for (uint64_t c = first; c <= last; c = next_cell(c, first, last))
		if (cell_has(s, c, &want))
			return true;
	return false;
}

void
seen_add(struct seen *s, const char *type, uint64_t from, uint64_t to)
{
	uint64_t first = from / CELL, last = (to - (to > from)) / CELL;

	for (uint64_t c = first; c <= last; c = next_cell(c, first, last)) {
		struct seen_stretch *at = s->stretches + first_slot(type, c);

		/* the oldest makes room */
		memmove(at + 1, at, (SEEN_WAYS - 1) * sizeof(*at));
		at[0] = (struct seen_stretch){type, from, (uint32_t)(to - from),
					      s->epoch};
	}
	s->empty = false;
}
