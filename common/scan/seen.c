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
	s->noted_count = 0;
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

/* The oldest makes room. */
static void
file(struct seen *s, const struct seen_stretch *new)
{
	uint64_t first = new->from / CELL;
	uint64_t last = (new->from + new->len - (new->len > 0)) / CELL;

	for (uint64_t c = first; c <= last; c = next_cell(c, first, last)) {
		struct seen_stretch *at =
		    s->stretches + first_slot(new->type, c);

		memmove(at + 1, at, (SEEN_WAYS - 1) * sizeof(*at));
		at[0] = *new;
	}
	s->empty = false;
}

static void
file_noted(struct seen *s)
{
	for (size_t i = 0; i < s->noted_count; i++)
		file(s, &s->noted[i]);
	s->noted_count = 0;
}

bool
seen_before(struct seen *s, const char *type, uint64_t from, uint64_t to)
{
	uint64_t first = from / CELL, last = (to - (to > from)) / CELL;
	const struct seen_stretch want = {type, from, (uint32_t)(to - from), 0};

	file_noted(s);
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
	if (to < from)
		return; /* nothing overlaps it */
	if (s->noted_count == SEEN_NOTED)
		file_noted(s);
	s->noted[s->noted_count++] =
	    (struct seen_stretch){type, from, (uint32_t)(to - from), s->epoch};
}
