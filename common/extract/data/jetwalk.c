#include <stdlib.h>
#include <string.h>

#include "extract/data/jet_impl.h"
#include "extract/ole/le.h"

#define LED_MAX (1u << 20) /* rows that others lead to */

static int
by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
add_led(struct jet_reader *r, uint32_t row)
{
	size_t room = r->led_room == 0 ? 64 : r->led_room * 2;
	uint32_t *p;

	if (r->led_count == r->led_room) {
		p = r->led_count >= LED_MAX
			? NULL
			: realloc(r->led, room * sizeof(*p));
		if (p == NULL)
			return;
		r->led = p;
		r->led_room = room;
	}
	r->led[r->led_count++] = row;
}

static bool
is_led(const struct jet_reader *r, uint32_t row)
{
	return r->led_count > 0 && bsearch(&row, r->led, r->led_count,
					   sizeof(row), by_number) != NULL;
}

/* The row itself, also where another one leads to it; empty: none. */
static struct span
find_row(struct jet_reader *r, uint32_t page, unsigned i, bool deleted)
{
	const struct span none = span_of(NULL, 0);
	unsigned flags;
	struct span s = jet_row(r->j, page, i, &flags);
	uint32_t to;

	if (s.len == 0)
		return none;
	if (!(flags & JET_LEADS)) {
		if (((flags & JET_DELETED) != 0) != deleted ||
		    (deleted && is_led(r, page << 8 | i)))
			return none;
		return s;
	}
	if (deleted || (flags & JET_DELETED) || s.len < 4)
		return none;
	to = le32(s.ptr);
	add_led(r, to);
	s = jet_row(r->j, to >> 8, to & 255, &flags);
	r->j->damage += s.len == 0;
	return s;
}

/* A row that is no row is read with what nothing uses. */
static bool
take_row(struct jet_reader *r, uint32_t page, unsigned i, bool deleted)
{
	struct span s = find_row(r, page, i, deleted);

	if (s.len == 0 || s.len > sizeof(r->row))
		return false;
	memcpy(r->row, s.ptr, s.len);
	if (jet_record_read(r->j, r->table, span_of(r->row, s.len), &r->record))
		return true;
	(void)stretches_add(&r->unused, (uint64_t)page * r->j->page_size,
			    ((uint64_t)page + 1) * r->j->page_size);
	r->j->damage += !deleted;
	return false;
}

enum status
jet_each_row(struct jet_reader *r, bool deleted,
	     enum status (*see)(struct jet_reader *r))
{
	uint32_t number = 0, page = r->j->first[r->table->page];
	enum status st = ST_OK;

	for (; page != 0 && st == ST_OK; page = r->j->next[page])
		for (unsigned i = 0; i < jet_row_count(r->j, page); i++) {
			if (!take_row(r, page, i, deleted))
				continue;
			r->number = ++number | (deleted ? DELETED_BIT : 0);
			st = see(r);
			if (st != ST_OK || !job_in_time(r->x))
				return st;
		}
	if (r->led_count > 0)
		qsort(r->led, r->led_count, sizeof(*r->led), by_number);
	return st;
}
