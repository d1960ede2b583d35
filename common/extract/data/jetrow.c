#include <stdio.h>
#include <stdlib.h>

#include "extract/data/jet_impl.h"
#include "extract/data/jetattached.h"
#include "extract/data/track.h"
#include "extract/ole/oletext.h"

#define CHUNK        4096
#define BINARY_LEAST 32 /* shorter ones are no files */

size_t
jet_place(const struct jet_reader *r, uint32_t row, uint32_t column, char *dst,
	  size_t room)
{
	int n = snprintf(
	    dst, room, "%srow %u %s.%s", row & DELETED_BIT ? "deleted " : "",
	    row & ~DELETED_BIT, r->table->name,
	    column < r->table->count ? r->table->columns[column].name : "");

	return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

/* ---- in the line of the row ------------------------------------------------
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
put_cell(struct jet_reader *r, unsigned column)
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

/* ---- behind it -------------------------------------------------------------
 */

/* What is packed is short: it is all in the first piece. */
static bool
is_packed(struct span s)
{
	return s.len >= 2 && s.ptr[0] == 0xff && s.ptr[1] == 0xfe;
}

static void
put_packed(struct jet_reader *r, const struct jet_column *c, struct span s)
{
	char text[2 * CHUNK];

	made_text(r->made, span_of(text, jet_text(r->j, c->codepage, s, text,
						  sizeof(text))));
}

static void
put_piece(struct jet_reader *r, const struct jet_column *c, struct span s)
{
	if (r->j->wide)
		oletext_wide(r->made, s);
	else
		oletext_bytes(r->made,
			      chars_codepage(chars_of(r->x), c->codepage), s);
}

/* A memo has lines of its own, behind the name of the column. */
static void
put_memo(struct jet_reader *r, unsigned column, struct jet_long *l)
{
	const struct jet_column *c = &r->table->columns[column];
	char raw[CHUNK];
	enum status st;
	size_t got;
	bool first = true;

	made_text(r->made, span_str(c->name));
	made_text(r->made, span_str(": "));
	made_mark(r->made, r->number, column);
	do {
		st = jet_long_read(l, raw, sizeof(raw), &got);
		if (first && is_packed(span_of(raw, got)))
			put_packed(r, c, span_of(raw, got));
		else
			put_piece(r, c, span_of(raw, got));
		first = false;
	} while (st == ST_OK && got > 0 && !r->x->stop && job_in_time(r->x));
	made_byte(r->made, '\n');
	r->j->damage += st == ST_CLOSED;
}

static enum status
put_file(struct jet_reader *r, unsigned column, struct part *p)
{
	char name[JOB_NAME_MAX];
	size_t n = jet_place(r, r->number, column, name, sizeof(name));

	return job_count(r->x) ? job_member(r->x, p, span_of(name, n)) : ST_OK;
}

/* A picture, an object, an attached file. */
static enum status
put_object(struct jet_reader *r, unsigned column, struct span field,
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
put_long(struct jet_reader *r, unsigned column, struct span field)
{
	struct jet_long *l = malloc(sizeof(*l));
	enum status st = ST_OK;

	if (l == NULL)
		return ST_NOMEM;
	jet_long_begin(r->j, field, l);
	if (l->left > 0 && r->table->columns[column].type == JET_MEMO)
		put_memo(r, column, l);
	else if (l->left > 0)
		st = put_object(r, column, field, l);
	free(l);
	return st;
}

static enum status
put_alone(struct jet_reader *r, unsigned column)
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

enum status
jet_put_row(struct jet_reader *r)
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
