#include "extract/office/sheet.h"

#include <limits.h>
#include <string.h>

#include "extract/office/cell.h"
#include "extract/office/plaincell.h"
#include "extract/office/prose.h"
#include "extract/office/xmlscan.h"

#define VALUE_MAX  (256u * 1024) /* a cell has at most 32,767 characters */
#define NUMBER_MAX 40            /* longer ones are text */

/* What an element is, and within which of them text stands. */
enum within { NOTHING, VALUE, FORMULA, INLINE, HEADER, CELL, ROW, COMMENT };

struct sheet {
	struct shared *shared;
	struct cell_sheet cells;
	enum within within;
	uint32_t row, column; /* of the cell at hand */
	size_t style;
	char type;
	bool comment; /* reading comments */
	struct buf value, formula;
};

/* ---- cells -----------------------------------------------------------------
 */

/* To be written over by the next cell; it is wiped at the end. */
static inline void
clear(struct buf *b)
{
	b->len = 0;
}

static void
open_cell(struct sheet *s, const struct xml_tag *t)
{
	struct span r = span_of(NULL, 0);

	s->type = 'n';
	s->style = 0;
	for (size_t i = 0; i < t->count; i++) {
		const struct xml_attr *a = &t->attrs[i];

		if (a->name.len != 1)
			continue;
		if (a->name.ptr[0] == 'r')
			r = a->value;
		else if (a->name.ptr[0] == 's')
			s->style = xml_count(a->value, 0, 1u << 30);
		else if (a->name.ptr[0] == 't')
			s->type = plain_type(a->value);
	}
	if (!cell_address(r, &s->row, &s->column))
		s->column++;
	clear(&s->value);
	clear(&s->formula);
}

static void
put_number(struct sheet *s, struct span value)
{
	const struct numfmt *f = shared_format(s->shared, s->style);
	char shown[NUMFMT_ROOM];
	size_t n;

	if (numfmt_as_written(f, value)) {
		cell_put_line(&s->cells, s->row, s->column, value);
		return;
	}
	n = numfmt_show(f, value, s->shared->base_1904, shown);
	cell_put(&s->cells, s->row, s->column, span_of(shown, n));
}

static void
put_shared(struct sheet *s, struct span value)
{
	unsigned i = xml_count(value, 0, UINT_MAX);

	struct span text = shared_string(s->shared, i);

	if (s->shared->lines)
		cell_put(&s->cells, s->row, s->column, text);
	else
		cell_put_line(&s->cells, s->row, s->column, text);
}

static void
put_value(struct sheet *s, struct span value)
{
	if (value.len > 0 && s->type == 's')
		put_shared(s, value);
	else if (value.len > 0 && s->type == 'n' && value.len < NUMBER_MAX)
		put_number(s, value);
	else
		cell_put(&s->cells, s->row, s->column, value);
}

/* A formula is told when something stands in it. */
static bool
formula_says(struct span f)
{
	unsigned digits = 0;

	for (size_t i = 0; i < f.len; i++) {
		if (f.ptr[i] == '"')
			return true;
		digits = f.ptr[i] >= '0' && f.ptr[i] <= '9' ? digits + 1 : 0;
		if (digits >= 6)
			return true;
	}
	return false;
}

static void
close_cell(struct sheet *s)
{
	put_value(s, buf_span(&s->value));
	if (s->formula.len > 0 && formula_says(buf_span(&s->formula)))
		cell_also(&s->cells, CELL_FORMULA, s->row, s->column,
			  buf_span(&s->formula));
}

static void
open_row(struct sheet *s, struct span number)
{
	s->row = xml_count(number, s->row + 2, 1u << 30);
	s->row -= s->row > 0;
	s->column = UINT32_MAX; /* the next is the first */
}

/* ---- rows as most are written ----------------------------------------------
 */

/* A number that is shown as it stands. */
static inline bool
is_plain_number(const struct sheet *s, const struct plain_cell *c)
{
	return c->type == 'n' && c->digits && c->value.len < NUMBER_MAX &&
	       numfmt_is_plain(shared_format(s->shared, c->style));
}

static void
put_cell(struct sheet *s, const struct plain_cell *c)
{
	s->row = c->row;
	s->column = c->column;
	s->style = c->style;
	s->type = c->type;
	clear(&s->value);
	if (is_plain_number(s, c))
		cell_put_line(&s->cells, c->row, c->column, c->value);
	else
		put_value(s, c->value);
}

static struct xml_taken
take_rows(void *arg, const uint8_t *p, const uint8_t *end)
{
	struct sheet *s = arg;
	const uint8_t *next;
	struct plain_cell c;
	uint32_t number;
	bool row = false;

	for (; s->within == NOTHING; p = next) {
		next = plain_cell(p, end, &c);
		if (next != NULL) {
			put_cell(s, &c);
		} else if (row) {
			next = scan_word(p, end, "</row>");
			if (next == NULL)
				break;
			cell_row_end(&s->cells);
			row = false;
		} else {
			next = plain_row(p, end, &number);
			if (next == NULL)
				break;
			s->row = number - 1;
			s->column = UINT32_MAX;
			row = true;
		}
	}
	return (struct xml_taken){p, row ? "row" : NULL, ROW};
}

/* ---- everything else -------------------------------------------------------
 */

/* False: none of them says anything. */
static bool
add_attributes(struct sheet *s, const struct xml_tag *t)
{
	bool any = false;

	for (size_t i = 0; i < t->count; i++) {
		const struct xml_attr *a = &t->attrs[i];

		if (!prose_says(a) || xml_is(a->name, "spans") ||
		    xml_is(a->name, "sqref"))
			continue;
		cell_also(&s->cells, CELL_SHEET, 0, 0, a->value);
		any = true;
	}
	return any;
}

/* A link says which cell it is of. */
static void
add_link(struct sheet *s, const struct xml_tag *t)
{
	uint32_t row, column;

	/* of a range its first cell */
	if (!cell_address(xml_attr(t, "ref"), &row, &column)) {
		(void)add_attributes(s, t);
		return;
	}
	for (size_t i = 0; i < t->count; i++)
		if (prose_says(&t->attrs[i]))
			cell_also(&s->cells, CELL_VALUE, row, column,
				  t->attrs[i].value);
}

static enum within
element_of(struct span name)
{
	if (name.len == 1)
		switch (name.ptr[0]) {
		case 'c':
			return CELL;
		case 'v':
			return VALUE;
		case 'f':
			return FORMULA;
		default:
			return NOTHING;
		}
	if (xml_is(name, "row"))
		return ROW;
	if (xml_is(name, "is"))
		return INLINE;
	return xml_is(name, "headerFooter") ? HEADER : NOTHING;
}

/* Of a value, or what says nothing. */
static void
on_same(void *arg, unsigned what)
{
	struct sheet *s = arg;

	if (what != NOTHING)
		s->within = what;
}

static unsigned
on_open(void *arg, const struct xml_tag *t)
{
	enum within what = element_of(t->name);
	struct sheet *s = arg;

	if (what == CELL)
		open_cell(s, t);
	else if (what == ROW)
		open_row(s, xml_attr(t, "r"));
	else if (what != NOTHING)
		return on_same(s, what), what | XML_SAME;
	else if (xml_is(t->name, "hyperlink"))
		add_link(s, t);
	else if (t->count == 0 || !add_attributes(s, t))
		return what | XML_SAME;
	return what;
}

static void
put_aside(struct sheet *s, enum cell_part part)
{
	if (s->value.len > 0)
		cell_also(&s->cells, part, 0, 0, buf_span(&s->value));
	clear(&s->value);
}

static void
on_close(void *arg, unsigned what)
{
	struct sheet *s = arg;

	if (what == CELL) {
		close_cell(s);
		clear(&s->value);
	} else if (what == ROW) {
		cell_row_end(&s->cells);
	} else if (s->within == HEADER) {
		put_aside(s, CELL_HEADER);
	} else if (s->within == NOTHING) {
		put_aside(s, CELL_SHEET);
	}
	if (what != CELL && what != ROW && what != NOTHING)
		s->within = NOTHING;
}

/* What does not fit goes out at once: no cell has so much. */
static void
keep(struct sheet *s, struct buf *b, struct span t)
{
	if (buf_add(b, t.ptr, t.len) == ST_OK)
		return;
	cell_also(&s->cells, CELL_VALUE, s->row, s->column, buf_span(b));
	cell_also(&s->cells, CELL_VALUE, s->row, s->column, t);
	buf_clear(b);
}

static void
on_text(void *arg, struct span t)
{
	struct sheet *s = arg;

	if (s->within == FORMULA)
		keep(s, &s->formula, t);
	else if (s->within != NOTHING || !xml_blank(t))
		keep(s, &s->value, t);
}

static void
on_other(void *arg, struct span t)
{
	struct sheet *s = arg;

	if (!xml_blank(t))
		cell_also(&s->cells, CELL_SHEET, 0, 0, t);
}

/* ---- comments --------------------------------------------------------------
 */

static unsigned
comment_open(void *arg, const struct xml_tag *t)
{
	struct sheet *s = arg;
	bool comment =
	    xml_is(t->name, "comment") || xml_is(t->name, "threadedComment");
	struct span ref = xml_attr(t, "ref");

	if (comment && ref.ptr != NULL) {
		s->comment = cell_address(ref, &s->row, &s->column);
		buf_clear(&s->value);
	}
	s->within =
	    xml_is(t->name, "t") || xml_is(t->name, "text") ? VALUE : NOTHING;
	return comment ? COMMENT : NOTHING;
}

static void
comment_close(void *arg, unsigned what)
{
	struct sheet *s = arg;

	s->within = NOTHING;
	if (what != COMMENT)
		return;
	cell_also(&s->cells, s->comment ? CELL_COMMENT : CELL_SHEET, s->row,
		  s->column, buf_span(&s->value));
	buf_clear(&s->value);
}

static void
comment_text(void *arg, struct span t)
{
	struct sheet *s = arg;

	if (s->within == VALUE)
		keep(s, &s->value, t);
	else
		on_other(arg, t);
}

/* ---- parts -----------------------------------------------------------------
 */

static enum status
read_by(const struct xml_walk *walk, const struct sheet_job *j,
	struct extractor *x, struct part *p)
{
	struct sheet s = {.shared = j->shared, .column = UINT32_MAX};
	enum status st = cell_begin(&s.cells, x, j->name), end;
	bool whole = true;

	if (st != ST_OK)
		return st;
	buf_init(&s.value, VALUE_MAX);
	buf_init(&s.formula, VALUE_MAX);
	st = xml_read(x, p, walk, &s, &whole);
	put_aside(&s, CELL_SHEET);
	end = cell_end(&s.cells);
	buf_fini(&s.value);
	buf_fini(&s.formula);
	st = st == ST_OK ? end : st;
	return st == ST_OK && !whole && !x->stop ? job_rest(x, p) : st;
}

enum status
sheet_read(void *arg, struct extractor *x, struct part *p)
{
	static const struct xml_walk walk = {.open = on_open,
					     .close = on_close,
					     .text = on_text,
					     .other = on_other,
					     .same = on_same,
					     .take = take_rows};

	return read_by(&walk, arg, x, p);
}

enum status
sheet_comments(void *arg, struct extractor *x, struct part *p)
{
	static const struct xml_walk walk = {.open = comment_open,
					     .close = comment_close,
					     .text = comment_text,
					     .other = on_other};

	return read_by(&walk, arg, x, p);
}
