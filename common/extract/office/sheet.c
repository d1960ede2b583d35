#include "extract/office/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "extract/office/cell.h"
#include "extract/office/prose.h"

#define VALUE_MAX (256u * 1024) /* a cell has at most 32,767 characters */

enum within { NOTHING, VALUE, FORMULA, INLINE, HEADER };

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

/* "s" shared, "t" other text, "n" a number. */
static char
type_of(const char *t)
{
	if (t == NULL || strcmp(t, "n") == 0)
		return 'n';
	return strcmp(t, "s") == 0 ? 's' : 't';
}

static void
open_cell(struct sheet *s, const char **attrs)
{
	const char *r = NULL;

	s->type = 'n';
	s->style = 0;
	for (; attrs[0] != NULL; attrs += 2) {
		if (strcmp(attrs[0], "r") == 0)
			r = attrs[1];
		else if (strcmp(attrs[0], "s") == 0)
			s->style = xml_count(attrs[1], 0, 1u << 30);
		else if (strcmp(attrs[0], "t") == 0)
			s->type = type_of(attrs[1]);
	}
	if (r == NULL || !cell_address(r, &s->row, &s->column))
		s->column++;
	buf_clear(&s->value);
	buf_clear(&s->formula);
}

static void
put_number(struct sheet *s)
{
	char shown[NUMFMT_ROOM];
	size_t n =
	    numfmt_show(shared_format(s->shared, s->style), buf_span(&s->value),
			s->shared->base_1904, shown);

	cell_put(&s->cells, s->row, s->column, span_of(shown, n));
}

static void
put_shared(struct sheet *s)
{
	char digits[24];
	size_t n = s->value.len < 20 ? s->value.len : 20;

	memcpy(digits, s->value.data, n);
	digits[n] = 0;
	cell_put(&s->cells, s->row, s->column,
		 shared_string(s->shared, strtoull(digits, NULL, 10)));
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
	if (s->value.len > 0 && s->type == 's')
		put_shared(s);
	else if (s->value.len > 0 && s->type == 'n' && s->value.len < 40)
		put_number(s);
	else
		cell_put(&s->cells, s->row, s->column, buf_span(&s->value));
	if (formula_says(buf_span(&s->formula)))
		cell_also(&s->cells, CELL_FORMULA, s->row, s->column,
			  buf_span(&s->formula));
}

/* ---- everything else -------------------------------------------------------
 */

static void
add_attributes(struct sheet *s, const char **attrs)
{
	for (; attrs[0] != NULL; attrs += 2)
		if (prose_says(attrs[0], attrs[1]) &&
		    strcmp(attrs[0], "spans") != 0 &&
		    strcmp(attrs[0], "sqref") != 0)
			cell_also(&s->cells, CELL_SHEET, 0, 0,
				  span_str(attrs[1]));
}

/* A link says which cell it is of. */
static void
add_link(struct sheet *s, const char **attrs)
{
	const char *ref = xml_attr(attrs, "ref");
	uint32_t row, column;
	char first[16] = "";

	if (ref != NULL)
		memcpy(first, ref, strnlen(ref, sizeof(first) - 1));
	first[strcspn(first, ":")] = 0;
	if (!cell_address(first, &row, &column)) {
		add_attributes(s, attrs);
		return;
	}
	for (; attrs[0] != NULL; attrs += 2)
		if (prose_says(attrs[0], attrs[1]))
			cell_also(&s->cells, CELL_VALUE, row, column,
				  span_str(attrs[1]));
}

static void
on_open(void *arg, const char *name, const char **attrs)
{
	struct sheet *s = arg;

	if (strcmp(name, "c") == 0) {
		open_cell(s, attrs);
	} else if (strcmp(name, "v") == 0) {
		s->within = VALUE;
	} else if (strcmp(name, "f") == 0) {
		s->within = FORMULA;
	} else if (strcmp(name, "is") == 0) {
		s->within = INLINE;
	} else if (strcmp(name, "row") == 0) {
		s->row = xml_count(xml_attr(attrs, "r"), s->row + 2, 1u << 30);
		s->row -= s->row > 0;
		s->column = UINT32_MAX; /* the next is the first */
	} else if (strcmp(name, "headerFooter") == 0) {
		s->within = HEADER;
	} else if (strcmp(name, "hyperlink") == 0) {
		add_link(s, attrs);
	} else if (attrs[0] != NULL) {
		add_attributes(s, attrs);
	}
}

static void
put_aside(struct sheet *s, enum cell_part part)
{
	if (s->value.len > 0)
		cell_also(&s->cells, part, 0, 0, buf_span(&s->value));
	buf_clear(&s->value);
}

static void
on_close(void *arg, const char *name)
{
	struct sheet *s = arg;

	if (strcmp(name, "c") == 0) {
		close_cell(s);
		buf_clear(&s->value);
	} else if (strcmp(name, "row") == 0) {
		cell_row_end(&s->cells);
	} else if (s->within == HEADER) {
		put_aside(s, CELL_HEADER);
	} else if (s->within == NOTHING) {
		put_aside(s, CELL_SHEET);
	}
	if (strcmp(name, "v") == 0 || strcmp(name, "f") == 0 ||
	    strcmp(name, "is") == 0 || strcmp(name, "headerFooter") == 0)
		s->within = NOTHING;
}

static bool
blank(struct span t)
{
	for (size_t i = 0; i < t.len; i++)
		if (t.ptr[i] > ' ')
			return false;
	return true;
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
	else if (s->within != NOTHING || !blank(t))
		keep(s, &s->value, t);
}

static void
on_other(void *arg, struct span t)
{
	struct sheet *s = arg;

	if (!blank(t))
		cell_also(&s->cells, CELL_SHEET, 0, 0, t);
}

/* ---- comments --------------------------------------------------------------
 */

static void
comment_open(void *arg, const char *name, const char **attrs)
{
	struct sheet *s = arg;
	const char *ref = xml_attr(attrs, "ref");

	if ((strcmp(name, "comment") == 0 ||
	     strcmp(name, "threadedComment") == 0) &&
	    ref != NULL) {
		s->comment = cell_address(ref, &s->row, &s->column);
		buf_clear(&s->value);
	}
	s->within = strcmp(name, "t") == 0 || strcmp(name, "text") == 0
			? VALUE
			: NOTHING;
}

static void
comment_close(void *arg, const char *name)
{
	struct sheet *s = arg;

	s->within = NOTHING;
	if (strcmp(name, "comment") == 0 ||
	    strcmp(name, "threadedComment") == 0) {
		cell_also(&s->cells, s->comment ? CELL_COMMENT : CELL_SHEET,
			  s->row, s->column, buf_span(&s->value));
		buf_clear(&s->value);
	}
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
	static const struct xml_walk walk = {on_open, on_close, on_text,
					     on_other};

	return read_by(&walk, arg, x, p);
}

enum status
sheet_comments(void *arg, struct extractor *x, struct part *p)
{
	static const struct xml_walk walk = {comment_open, comment_close,
					     comment_text, on_other};

	return read_by(&walk, arg, x, p);
}
