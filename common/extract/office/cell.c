#include "extract/office/cell.h"

#include <stdio.h>
#include <string.h>

#define PAD_MAX    1024 /* columns that are counted by tabs */
#define LATER_MAX  (256u * 1024)
#define PART_SHIFT 16

static size_t
say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	static const char *const parts[] = {"", " formula", " comment", "",
					    " header"};
	const struct cell_sheet *s = arg;
	enum cell_part part = m->b >> PART_SHIFT;
	char column[MADE_COLUMN_MAX];
	size_t n;
	int len;

	if (part >= CELL_SHEET) {
		len = snprintf(dst, room, "%s%s", s->name, parts[part]);
	} else {
		n = made_column(m->b & CELL_COLUMN, column);
		len = snprintf(dst, room, "%s!%.*s%lu%s", s->name, (int)n,
			       column, (unsigned long)m->a + 1, parts[part]);
	}
	if (len < 0)
		return 0;
	return (size_t)len < room ? (size_t)len : room;
}

enum status
cell_begin(struct cell_sheet *s, struct extractor *x, struct span name)
{
	*s = (struct cell_sheet){.row = 0};
	snprintf(s->name, sizeof(s->name), "%.*s", (int)name.len,
		 (const char *)name.ptr);
	buf_init(&s->later, LATER_MAX);
	return made_begin(x, &s->m, say, s);
}

/* What a mark says beside the row. */
static inline uint32_t
where(enum cell_part part, uint32_t column)
{
	if (column > CELL_COLUMN)
		column = CELL_COLUMN;
	return (uint32_t)part << PART_SHIFT | column;
}

static void
mark(struct cell_sheet *s, enum cell_part part, uint32_t row, uint32_t column)
{
	made_mark(s->m, row, where(part, column));
}

/* What was kept until the rows end: part, row, column, length, text. */
struct later {
	uint32_t part, row, column, len;
};

static void
put_later(struct cell_sheet *s)
{
	struct span left = buf_span(&s->later);
	struct later l;

	while (left.len >= sizeof(l)) {
		memcpy(&l, left.ptr, sizeof(l));
		left = span_skip(left, sizeof(l));
		mark(s, l.part, l.row, l.column);
		made_text(s->m, span_of(left.ptr, l.len));
		made_byte(s->m, '\n');
		left = span_skip(left, l.len);
	}
	buf_clear(&s->later);
}

void
cell_row_end(struct cell_sheet *s)
{
	if (s->open)
		made_byte(s->m, '\n');
	s->open = false;
	s->row++;
	s->column = 0;
	if (s->later.len > LATER_MAX / 2)
		put_later(s);
}

/* Tabs up to a cell, at least one between two. */
static void
go_to(struct cell_sheet *s, uint32_t row, uint32_t column)
{
	bool apart;

	if (s->open && row != s->row)
		cell_row_end(s);
	s->row = row;
	apart = !s->open;
	if (!s->open)
		s->column = 0;
	s->open = true;
	for (; s->column < column && s->column < PAD_MAX; s->column++) {
		made_byte(s->m, '\t');
		apart = true;
	}
	if (!apart)
		made_byte(s->m, '\t');
}

void
cell_put_line(struct cell_sheet *s, uint32_t row, uint32_t column,
	      struct span text)
{
	if (text.len == 0)
		return;
	go_to(s, row, column);
	made_stretch(s->m, row, where(CELL_VALUE, column), text);
}

void
cell_put(struct cell_sheet *s, uint32_t row, uint32_t column, struct span text)
{
	if (text.len == 0)
		return;
	go_to(s, row, column);
	mark(s, CELL_VALUE, row, column);
	for (size_t at = 0; at < text.len;) {
		const uint8_t *p = text.ptr + at;
		const uint8_t *end = memchr(p, '\n', text.len - at);
		size_t n = end == NULL ? text.len - at : (size_t)(end - p);

		/* a row is a line */
		made_text(s->m, span_of(p, n));
		at += n;
		if (end != NULL && ++at > 0)
			made_byte(s->m, ' ');
	}
}

void
cell_also(struct cell_sheet *s, enum cell_part part, uint32_t row,
	  uint32_t column, struct span text)
{
	struct later l = {part, row, column, (uint32_t)text.len};
	size_t kept = s->later.len;

	if (text.len == 0)
		return;
	if (kept > LATER_MAX / 2 || text.len > LATER_MAX / 4) {
		/* too much to be kept: it stands within the row */
		put_later(s);
		mark(s, part, row, column);
		made_text(s->m, text);
		made_byte(s->m, s->open ? '\t' : '\n');
		return;
	}
	if (buf_add(&s->later, &l, sizeof(l)) != ST_OK ||
	    buf_add(&s->later, text.ptr, text.len) != ST_OK)
		s->later.len = kept; /* not half of it */
}

enum status
cell_end(struct cell_sheet *s)
{
	cell_row_end(s);
	put_later(s);
	buf_fini(&s->later);
	return made_end(s->m);
}

static inline bool
is_capital(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

bool
cell_address(struct span a, uint32_t *row, uint32_t *column)
{
	uint32_t c = 0, r = 0;
	size_t i = 0, letters = 0;

	for (; i < a.len && (a.ptr[i] == '$' || is_capital(a.ptr[i])); i++) {
		if (a.ptr[i] == '$')
			continue;
		if (++letters > 4)
			return false;
		c = c * 26 + (uint32_t)(a.ptr[i] - 'A') + 1;
	}
	for (; i < a.len && (a.ptr[i] == '$' || is_digit(a.ptr[i])); i++) {
		if (a.ptr[i] == '$')
			continue;
		if (r > 99999999)
			return false;
		r = r * 10 + (uint32_t)(a.ptr[i] - '0');
	}
	if (c == 0 || r == 0)
		return false;
	*row = r - 1;
	*column = c - 1;
	return true;
}
