#include "extract/data/jet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "extract/data/jetattached.h"
#include "extract/data/jetfile.h"
#include "extract/data/jettable.h"
#include "extract/data/jetvalue.h"
#include "extract/data/stretches.h"
#include "extract/data/track.h"
#include "extract/ole/oletext.h"

#define CATALOG      2
#define TABLE_KIND   1
#define PAGE_MASK    0xffffffu
#define LED_MAX      (1u << 20) /* rows that others lead to */
#define NAMES_MAX    (1u << 16)
#define CHUNK        4096
#define BINARY_LEAST 32 /* shorter ones are no files */
#define DELETED_BIT  0x80000000u

/* What the catalog says of a table. */
struct table_name {
	uint32_t page;
	char text[JET_NAME_MAX];
};

struct reader {
	struct extractor *x;
	struct jet *j;
	struct made *made;
	struct jet_table *table;
	struct jet_record record;
	uint8_t row[JET_PAGE_MAX];
	uint32_t number; /* of the row, with DELETED_BIT */
	uint32_t *led;   /* rows that others lead to, page and number */
	size_t led_count, led_room;
	struct table_name *names;
	size_t name_count, name_room;
	struct stretches unused;
	char text[JET_TEXT_MAX];
};

/* ---- places ----------------------------------------------------------------
 */

static size_t
cell_words(const struct reader *r, uint32_t row, uint32_t column, char *dst,
	   size_t room)
{
	int n = snprintf(
	    dst, room, "%srow %u %s.%s", row & DELETED_BIT ? "deleted " : "",
	    row & ~DELETED_BIT, r->table->name,
	    column < r->table->count ? r->table->columns[column].name : "");

	return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

static size_t
say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	return cell_words(arg, m->a, m->b, dst, room);
}

/* ---- values ----------------------------------------------------------------
 */

static bool
is_text(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < ' ' && !track_is(s.ptr[i], "\t\n\r"))
			return false;
	return true;
}

/* Without what would part cells. */
static void
put_inline(struct made *m, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t c = (uint8_t)text[i];

		made_byte(m, c == '\t' || c == '\n' || c == '\r' ? ' ' : c);
	}
}

static bool
is_long(const struct jet_column *c)
{
	return c->type == JET_MEMO || c->type == JET_OLE;
}

static void
put_cell(struct reader *r, unsigned column)
{
	const struct jet_column *c = &r->table->columns[column];
	struct span s;
	size_t n;

	if (is_long(c) || !jet_record_value(r->j, &r->record, c, &s) ||
	    s.len == 0)
		return;
	made_mark(r->made, r->number, column);
	if (c->type == JET_BINARY && s.len < BINARY_LEAST && is_text(s)) {
		put_inline(r->made, (const char *)s.ptr, s.len);
		return;
	}
	n = jet_value_text(r->j, c, s, r->text, sizeof(r->text));
	put_inline(r->made, r->text, n);
}

/* A memo has lines of its own, behind the name of the column. */
static enum status
put_memo(struct reader *r, unsigned column, struct jet_long *l)
{
	const struct jet_column *c = &r->table->columns[column];
	char raw[CHUNK];
	enum status st = ST_OK;
	size_t got;
	bool first = true;

	made_text(r->made, span_str(c->name));
	made_text(r->made, span_str(": "));
	made_mark(r->made, r->number, column);
	do {
		st = jet_long_read(l, raw, sizeof(raw), &got);
		struct span s = span_of(raw, got);

		/* what is packed is short: it is all in the first piece */
		if (first && got >= 2 && s.ptr[0] == 0xff && s.ptr[1] == 0xfe) {
			char text[2 * CHUNK];

			made_text(r->made,
				  span_of(text, jet_text(r->j, c->codepage, s,
							 text, sizeof(text))));
		} else if (r->j->wide) {
			oletext_wide(r->made, s);
		} else {
			oletext_bytes(
			    r->made,
			    chars_codepage(chars_of(r->x), c->codepage), s);
		}
		first = false;
	} while (st == ST_OK && got > 0 && !r->x->stop && job_in_time(r->x));
	made_byte(r->made, '\n');
	r->j->damage += st == ST_CLOSED;
	return ST_OK;
}

static enum status
put_file(struct reader *r, unsigned column, struct part *p)
{
	char name[JOB_NAME_MAX];
	size_t n = cell_words(r, r->number, column, name, sizeof(name));

	return job_count(r->x) ? job_member(r->x, p, span_of(name, n)) : ST_OK;
}

/* A picture, an object, an attached file. */
static enum status
put_object(struct reader *r, unsigned column, struct span field,
	   struct jet_long *l)
{
	struct jet_attached *a = calloc(1, sizeof(*a));
	struct part p = {.size = UINT64_MAX};
	enum status st;

	if (a == NULL)
		return ST_NOMEM;
	if (jet_attached_begin(l, a)) {
		p.arg = a;
		p.read = jet_attached_read;
	} else {
		jet_long_begin(r->j, field, l);
		p.arg = l;
		p.read = jet_long_read;
	}
	st = put_file(r, column, &p);
	jet_attached_end(a);
	free(a);
	return st;
}

static enum status
put_long(struct reader *r, unsigned column, struct span field)
{
	struct jet_long *l = malloc(sizeof(*l));
	enum status st = ST_OK;

	if (l == NULL)
		return ST_NOMEM;
	jet_long_begin(r->j, field, l);
	if (l->left > 0)
		st = r->table->columns[column].type == JET_MEMO
			 ? put_memo(r, column, l)
			 : put_object(r, column, field, l);
	free(l);
	return st;
}

static enum status
put_alone(struct reader *r, unsigned column)
{
	const struct jet_column *c = &r->table->columns[column];
	struct part p;
	struct span s;

	if (!jet_record_value(r->j, &r->record, c, &s) || s.len == 0)
		return ST_OK;
	if (is_long(c))
		return put_long(r, column, s);
	if (c->type != JET_BINARY || (s.len < BINARY_LEAST && is_text(s)))
		return ST_OK;
	part_memory(&p, s);
	return put_file(r, column, &p);
}

static enum status
put_row(struct reader *r)
{
	enum status st = ST_OK;
	unsigned n = r->table->count;

	for (unsigned i = 0; i < n; i++) {
		if (i > 0)
			made_byte(r->made, '\t');
		put_cell(r, i);
	}
	made_byte(r->made, '\n');
	for (unsigned i = 0; i < n && st == ST_OK && !r->x->stop; i++)
		st = put_alone(r, i);
	return st;
}

/* ---- rows ------------------------------------------------------------------
 */

static int
by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
add_led(struct reader *r, uint32_t row)
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
is_led(const struct reader *r, uint32_t row)
{
	return r->led_count > 0 && bsearch(&row, r->led, r->led_count,
					   sizeof(row), by_number) != NULL;
}

/* The row itself, also where another one leads to it; empty: none. */
static struct span
find_row(struct reader *r, uint32_t page, unsigned i, bool deleted)
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
	to = (uint32_t)s.ptr[0] | (uint32_t)s.ptr[1] << 8 |
	     (uint32_t)s.ptr[2] << 16 | (uint32_t)s.ptr[3] << 24;
	add_led(r, to);
	s = jet_row(r->j, to >> 8, to & 255, &flags);
	r->j->damage += s.len == 0;
	return s;
}

/* A row that is no row is read with what nothing uses. */
static bool
take_row(struct reader *r, uint32_t page, unsigned i, bool deleted)
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

static enum status
each_row(struct reader *r, bool deleted, enum status (*see)(struct reader *r))
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

/* ---- tables ----------------------------------------------------------------
 */

/* A row of the catalog: what a table is called. */
static enum status
see_name(struct reader *r)
{
	struct table_name n = {0}, *p;
	size_t room = r->name_room == 0 ? 64 : r->name_room * 2;
	long kind = 0;

	for (unsigned i = 0; i < r->table->count; i++) {
		const struct jet_column *c = &r->table->columns[i];
		struct span s;
		size_t len;

		if (!jet_record_value(r->j, &r->record, c, &s))
			continue;
		len = jet_value_text(r->j, c, s, r->text, sizeof(r->text) - 1);
		r->text[len] = 0;
		if (strcmp(c->name, "Name") == 0)
			snprintf(n.text, sizeof(n.text), "%.*s",
				 (int)sizeof(n.text) - 1, r->text);
		else if (strcmp(c->name, "Id") == 0)
			n.page =
			    (uint32_t)strtol(r->text, NULL, 10) & PAGE_MASK;
		else if (strcmp(c->name, "Type") == 0)
			kind = strtol(r->text, NULL, 10);
	}
	if (kind != TABLE_KIND || r->name_count >= NAMES_MAX)
		return ST_OK;
	if (r->name_count == r->name_room) {
		p = realloc(r->names, room * sizeof(*p));
		if (p == NULL)
			return ST_OK;
		r->names = p;
		r->name_room = room;
	}
	r->names[r->name_count++] = n;
	return ST_OK;
}

static void
read_names(struct reader *r)
{
	if (jet_table_read(r->j, CATALOG, r->table))
		(void)each_row(r, false, see_name);
	r->led_count = 0;
}

static void
name_table(struct reader *r)
{
	for (size_t i = 0; i < r->name_count; i++)
		if (r->names[i].page == r->table->page) {
			memcpy(r->table->name, r->names[i].text,
			       sizeof(r->table->name));
			return;
		}
	snprintf(r->table->name, sizeof(r->table->name), "table %u",
		 r->table->page);
}

static void
put_head(struct reader *r)
{
	struct buf head;

	buf_init(&head, MADE_FIRST);
	for (unsigned i = 0; i < r->table->count; i++)
		if ((i > 0 && buf_add(&head, "\t", 1) != ST_OK) ||
		    buf_add_str(&head, r->table->columns[i].name) != ST_OK)
			break;
	made_head(r->made, buf_span(&head));
	buf_fini(&head);
}

static enum status
put_table(struct reader *r)
{
	enum status st, end;

	name_table(r);
	st = made_begin(r->x, &r->made, say, r);
	if (st != ST_OK)
		return st;
	put_head(r);
	r->led_count = 0;
	st = each_row(r, false, put_row);
	if (st == ST_OK && !r->x->stop)
		st = each_row(r, true, put_row);
	end = made_end(r->made);
	return st != ST_OK ? st : end;
}

static void
note_damage(struct reader *r, uint64_t before, const char *name)
{
	if (r->j->damage > before && !r->x->stop)
		job_note_words(r->x, COVER_MALFORMED, "%s", name);
}

static enum status
put_tables(struct reader *r)
{
	enum status st = ST_OK;

	for (uint32_t n = 1; n < r->j->count && st == ST_OK && !r->x->stop;
	     n++) {
		uint64_t before = r->j->damage;

		if (r->j->first[n] == 0)
			continue;
		if (jet_table_read(r->j, n, r->table)) {
			st = put_table(r);
		} else {
			r->table->page = n;
			name_table(r);
			r->j->first[n] = 0; /* its pages are read as bytes */
			r->j->damage++;
		}
		note_damage(r, before, r->table->name);
	}
	return st;
}

/* ---- what no table has -----------------------------------------------------
 */

/* Long values of rows that were deleted. */
static void
unused_values(struct reader *r, uint32_t page)
{
	for (unsigned i = 0; i < jet_row_count(r->j, page); i++) {
		unsigned flags;
		struct span s = jet_row(r->j, page, i, &flags);
		const uint8_t *p = jet_page(r->j, page);
		uint64_t at = (uint64_t)page * r->j->page_size;

		if (s.len == 0 || p == NULL || !(flags & JET_DELETED))
			continue;
		at += (uint64_t)(s.ptr - p);
		(void)stretches_add(&r->unused, at, at + s.len);
	}
}

static void
unused_of_page(struct reader *r, uint32_t page)
{
	const uint8_t *p = jet_page(r->j, page);
	uint64_t from = (uint64_t)page * r->j->page_size;
	uint64_t to = from + r->j->page_size;
	uint32_t owner;

	if (p == NULL || (p[0] > JET_ROWS && p[0] <= 5))
		return; /* definitions, indexes, maps */
	if (p[0] == JET_ROWS) {
		owner = (uint32_t)p[4] | (uint32_t)p[5] << 8 |
			(uint32_t)p[6] << 16 | (uint32_t)p[7] << 24;
		if (memcmp(p + 4, "LVAL", 4) == 0) {
			unused_values(r, page);
			jet_unused(r->j, page, &from, &to);
		} else if (owner < r->j->count && r->j->first[owner] != 0) {
			jet_unused(r->j, page, &from, &to);
		}
	}
	(void)stretches_add(&r->unused, from, to);
}

static enum status
put_unused(struct reader *r)
{
	uint64_t end = (uint64_t)r->j->count * r->j->page_size;

	for (uint32_t n = 1; n < r->j->count && job_in_time(r->x); n++)
		unused_of_page(r, n);
	(void)stretches_add(&r->unused, end, r->j->p->size);
	return stretches_put(&r->unused, span_str("unused space"));
}

/* ---- databases -------------------------------------------------------------
 */

bool
jet_is_database(struct format_look *l)
{
	return jet_is(l->head);
}

static enum status
read_all(struct reader *r, struct part *p)
{
	enum status st = jet_begin(r->j, r->x, p);

	if (st == ST_UNSUPPORTED || st == ST_MALFORMED) {
		job_note(r->x, st == ST_MALFORMED ? COVER_MALFORMED
						  : COVER_ENCRYPTED);
		return job_rest(r->x, p);
	}
	if (st != ST_OK || r->x->stop)
		return st;
	read_names(r);
	st = put_tables(r);
	if (st == ST_OK && !r->x->stop)
		st = put_unused(r);
	if (st == ST_OK && !r->x->stop && p->size % r->j->page_size != 0)
		job_note(r->x, COVER_TRUNCATED);
	return st;
}

enum status
jet_part(struct extractor *x, struct part *p)
{
	struct reader *r = calloc(1, sizeof(*r));
	enum status st = ST_NOMEM;

	if (r == NULL)
		return ST_NOMEM;
	r->x = x;
	r->j = calloc(1, sizeof(*r->j));
	r->table = calloc(1, sizeof(*r->table));
	r->unused = (struct stretches){.x = x, .read = jet_bytes, .arg = r->j};
	if (r->j != NULL && r->table != NULL)
		st = read_all(r, p);
	if (r->j != NULL)
		jet_end(r->j);
	free(r->unused.list);
	free(r->names);
	free(r->led);
	free(r->table);
	free(r->j);
	free(r);
	return st;
}
