#include "extract/data/jettable.h"

#include <stdlib.h>
#include <string.h>

#include "extract/mail/chars.h"
#include "extract/ole/le.h"
#include "extract/utf8.h"

#define HEAD       8 /* of each page of a definition */
#define PAGES_MAX  64
#define FIXED_FLAG 1

/* Where things stand in a definition; the two generations differ. */
struct places {
	unsigned columns, indexes; /* how many */
	unsigned first, index;     /* the first index; bytes of one */
	unsigned column;           /* bytes of a column */
	unsigned number, var, fixed, len, flags, scale, codepage;
	unsigned name; /* bytes of the length of a name */
};

static const struct places jet3 = {25, 31, 43, 8,  18, 1, 3,
				   14, 16, 13, 10, 9,  1};
static const struct places jet4 = {45, 51, 63, 12, 25, 5, 7,
				   21, 23, 15, 12, 11, 2};

/* ---- definitions -----------------------------------------------------------
 */

/* All of a definition's pages, without the heads of those behind the first. */
static uint8_t *
definition(struct jet *j, uint32_t page, size_t *len)
{
	uint8_t *all = NULL, *more;
	uint32_t next = page;

	*len = 0;
	for (unsigned i = 0; i < PAGES_MAX && next != 0; i++) {
		const uint8_t *p = jet_page(j, next);
		size_t head = i == 0 ? 0 : HEAD;

		if (p == NULL || p[0] != JET_TABLE)
			break;
		more = realloc(all, *len + j->page_size);
		if (more == NULL)
			break;
		all = more;
		memcpy(all + *len, p + head, j->page_size - head);
		*len += j->page_size - head;
		next = le32(p + 4);
	}
	return all;
}

static void
read_column(const struct jet *j, const struct places *at, const uint8_t *e,
	    struct jet_column *c)
{
	*c = (struct jet_column){
	    .type = e[0],
	    .fixed = (e[at->flags] & FIXED_FLAG) != 0,
	    .number = le16(e + at->number),
	    .len = le16(e + at->len),
	    .scale = e[at->scale],
	    .codepage = j->wide ? 0 : le16(e + at->codepage),
	};
	c->at = le16(e + (c->fixed ? at->fixed : at->var));
	if (!j->wide && c->codepage == 0)
		c->codepage = j->codepage;
}

static bool
read_name(const struct jet *j, const struct places *at, struct span *s,
	  struct jet_column *c)
{
	size_t len;

	if (s->len < at->name)
		return false;
	len = at->name == 1 ? s->ptr[0] : le16(s->ptr);
	*s = span_skip(*s, at->name);
	if (len > s->len)
		return false;
	c->name[jet_text(j, c->codepage, span_of(s->ptr, len), c->name,
			 sizeof(c->name) - 1)] = 0;
	*s = span_skip(*s, len);
	return true;
}

static bool
read_columns(const struct jet *j, const struct places *at, struct span s,
	     struct jet_table *t)
{
	size_t indexes, columns;

	if (s.ptr == NULL || s.len < at->first)
		return false;
	columns = le16(s.ptr + at->columns);
	indexes = le32(s.ptr + at->indexes);
	if (columns == 0 || columns > JET_COLUMNS_MAX ||
	    indexes > s.len / at->index)
		return false;
	s = span_skip(s, at->first + indexes * at->index);
	if (s.ptr == NULL || s.len < columns * at->column)
		return false;
	t->count = (unsigned)columns;
	t->varying = false;
	for (size_t i = 0; i < columns; i++) {
		read_column(j, at, s.ptr + i * at->column, &t->columns[i]);
		t->varying |= !t->columns[i].fixed;
	}
	s = span_skip(s, columns * at->column);
	for (size_t i = 0; i < columns; i++)
		if (!read_name(j, at, &s, &t->columns[i]))
			return false;
	return true;
}

bool
jet_table_read(struct jet *j, uint32_t page, struct jet_table *t)
{
	size_t len;
	uint8_t *all = definition(j, page, &len);
	bool good = all != NULL && read_columns(j, j->wide ? &jet4 : &jet3,
						span_of(all, len), t);

	t->page = page;
	free(all);
	return good;
}

/* ---- records ---------------------------------------------------------------
 */

/* Offsets of Jet 4, the last one first. */
static bool
wide_offsets(struct jet_record *r)
{
	const uint8_t *p = r->row.ptr;

	if (r->mask < 4)
		return false;
	r->vars = le16(p + r->mask - 2);
	if (r->vars > JET_COLUMNS_MAX || r->mask < 4 + r->vars * 2u)
		return false;
	for (unsigned i = 0; i <= r->vars; i++)
		r->at[i] = le16(p + r->mask - 4 - i * 2);
	return true;
}

/*
 * Offsets of Jet 3 have one byte. A list before them says from which one on
 * each further 256 are to be added.
 */
static bool
narrow_offsets(struct jet_record *r)
{
	const uint8_t *p = r->row.ptr;
	unsigned jumps = (unsigned)(r->row.len - 1) / 256, used = 0;
	size_t last;

	if (r->mask < 2)
		return false;
	r->vars = p[r->mask - 1];
	if (r->mask < 2 + jumps + r->vars + 0u)
		return false;
	last = r->mask - 2 - jumps;
	if (jumps > 0 && (last - r->vars) / 256 < jumps)
		jumps--; /* the first one says nothing */
	for (unsigned i = 0; i <= r->vars; i++) {
		while (used < jumps && i == p[r->mask - 2 - used])
			used++;
		r->at[i] = (uint16_t)(p[last - i] + used * 256);
	}
	return true;
}

bool
jet_record_read(const struct jet *j, const struct jet_table *t, struct span row,
		struct jet_record *r)
{
	size_t mask;

	r->row = row;
	r->vars = 0;
	if (row.len < (j->wide ? 2u : 1u))
		return false;
	r->columns = j->wide ? le16(row.ptr) : row.ptr[0];
	mask = (r->columns + 7) / 8;
	if (r->columns == 0 || mask + (j->wide ? 2 : 1) > row.len)
		return false;
	r->mask = row.len - mask;
	if (!t->varying)
		return true;
	return j->wide ? wide_offsets(r) : narrow_offsets(r);
}

bool
jet_record_value(const struct jet *j, const struct jet_record *r,
		 const struct jet_column *c, struct span *value)
{
	size_t from, to;

	*value = span_of(NULL, 0);
	if (c->number >= r->columns ||
	    !(r->row.ptr[r->mask + c->number / 8] & 1u << c->number % 8))
		return false;
	if (c->type == JET_BOOL)
		return true;
	if (c->fixed) {
		from = c->at + (j->wide ? 2u : 1u);
		to = from + c->len;
	} else {
		if (c->at >= r->vars)
			return false;
		from = r->at[c->at];
		to = r->at[c->at + 1];
	}
	if (from > to || to > r->mask)
		return false;
	*value = span_of(r->row.ptr + from, to - from);
	return true;
}

/* ---- text ------------------------------------------------------------------
 */

/* Behind a mark, letters have one byte; a zero goes to two and back. */
static size_t
packed_text(struct span s, char *dst, size_t room)
{
	bool packed = true;
	size_t n = 0;

	for (size_t i = 0; i < s.len && n + UTF8_MAX <= room;) {
		if (s.ptr[i] == 0) {
			packed = !packed;
			i++;
		} else if (packed) {
			n += utf8_put((uint8_t *)dst + n, s.ptr[i++]);
		} else if (i + 1 == s.len) {
			break;
		} else {
			n += utf8_put((uint8_t *)dst + n, le16(s.ptr + i));
			i += 2;
		}
	}
	return n;
}

static size_t
wide_text(struct span s, char *dst, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i + 1 < s.len && n + UTF8_MAX <= room; i += 2) {
		uint32_t u = le16(s.ptr + i), low;

		if (u >= 0xd800 && u < 0xdc00 && i + 3 < s.len) {
			low = le16(s.ptr + i + 2);
			if (low >= 0xdc00 && low < 0xe000) {
				u = 0x10000 + ((u - 0xd800) << 10) +
				    (low - 0xdc00);
				i += 2;
			}
		}
		n += utf8_put((uint8_t *)dst + n, u);
	}
	return n;
}

size_t
jet_text(const struct jet *j, unsigned codepage, struct span s, char *dst,
	 size_t room)
{
	struct chars_page *page;
	size_t n = 0;

	if (j->wide && s.len >= 2 && s.ptr[0] == 0xff && s.ptr[1] == 0xfe)
		return packed_text(span_skip(s, 2), dst, room);
	if (j->wide)
		return wide_text(s, dst, room);
	page = chars_codepage(chars_of(j->x), codepage);
	if (page != NULL && room >= 8 && chars_begin(page)) {
		n = chars_put(page, &s, true, (uint8_t *)dst, room);
		chars_end(page);
		return n;
	}
	for (size_t i = 0; i < s.len && n + UTF8_MAX <= room; i++)
		n += utf8_put((uint8_t *)dst + n, s.ptr[i]);
	return n;
}
