#include "extract/office/odfsheet.h"

#include <stdio.h>
#include <string.h>

#include "extract/office/cell.h"
#include "extract/office/numfmt.h"

#define VALUE_MAX  (256u * 1024)
#define REPEAT_MAX (1u << 24)

struct odf {
	struct extractor *x;
	const struct prose_element *elements;
	const char *title;
	struct prose prose; /* one of both makes text */
	struct cell_sheet cells;
	bool spreadsheet, table, cell;
	unsigned tables; /* within each other */
	unsigned note;   /* open annotations */
	unsigned lines;  /* open paragraphs */
	uint32_t row, column, rows, columns;
	char value[64]; /* of a cell that is a number */
	struct buf text, comment, formula, string;
	unsigned pictures;
	bool data; /* within base64 */
	struct buf bytes;
	uint32_t bits, have;
	enum status st;
};

static void
keep(enum status *st, enum status more)
{
	if (*st == ST_OK)
		*st = more;
}

/* ---- cells -----------------------------------------------------------------
 */

static size_t
digits_of(struct span s, char *dst, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len && n < room; i++)
		if (s.ptr[i] >= '0' && s.ptr[i] <= '9')
			dst[n++] = (char)s.ptr[i];
	return n;
}

/* What is shown has all digits of the value: then it is what a reader sees. */
static bool
shows_all(struct span shown, struct span value)
{
	char a[64], b[64];
	size_t n = digits_of(shown, a, sizeof(a));
	size_t m = digits_of(value, b, sizeof(b));

	return m <= n && memmem(a, n, b, m) != NULL;
}

static struct span
without_end(struct span s)
{
	while (s.len > 0 && s.ptr[s.len - 1] == '\n')
		s.len--;
	return s;
}

static void
put_number(struct odf *o)
{
	char plain[NUMFMT_ROOM];
	struct span shown = without_end(buf_span(&o->text)), value;

	value =
	    span_of(plain, numfmt_show(NULL, span_str(o->value), false, plain));
	cell_put(&o->cells, o->row, o->column,
		 shows_all(shown, value) ? shown : value);
}

static void
close_cell(struct odf *o)
{
	struct span text = without_end(buf_span(&o->text));

	if (o->value[0] != 0)
		put_number(o);
	else
		cell_put(&o->cells, o->row, o->column,
			 text.len > 0 ? text : buf_span(&o->string));
	cell_also(&o->cells, CELL_COMMENT, o->row, o->column,
		  without_end(buf_span(&o->comment)));
	cell_also(&o->cells, CELL_FORMULA, o->row, o->column,
		  buf_span(&o->formula));
	buf_clear(&o->text);
	buf_clear(&o->comment);
	buf_clear(&o->formula);
	buf_clear(&o->string);
	o->column += o->columns;
	o->cell = false;
}

/* As much of an attribute as a cell may have. */
static void
keep_text(struct buf *b, const char *s)
{
	size_t n = strlen(s);

	if (buf_add(b, s, n < VALUE_MAX ? n : VALUE_MAX) != ST_OK)
		buf_clear(b);
}

static void
open_cell(struct odf *o, const char **attrs)
{
	const char *type = xml_attr(attrs, "value-type");
	const char *value = xml_attr(attrs, "value");
	const char *formula = xml_attr(attrs, "formula");
	const char *string = xml_attr(attrs, "string-value");

	o->cell = true;
	o->columns = xml_count(xml_attr(attrs, "number-columns-repeated"), 1,
			       REPEAT_MAX);
	o->value[0] = 0;
	if (type != NULL && value != NULL && strcmp(type, "boolean") != 0)
		snprintf(o->value, sizeof(o->value), "%s", value);
	if (formula != NULL &&
	    (strchr(formula, '"') != NULL || prose_says("", formula)))
		keep_text(&o->formula, formula);
	if (string != NULL)
		keep_text(&o->string, string);
}

static void
cell_text(struct odf *o, struct span s)
{
	struct buf *to = o->note > 0 ? &o->comment : &o->text;

	if (buf_add(to, s.ptr, s.len) == ST_OK)
		return;
	cell_also(&o->cells, CELL_SHEET, 0, 0, buf_span(to));
	cell_also(&o->cells, CELL_SHEET, 0, 0, s);
	buf_clear(to);
}

static void
open_table(struct odf *o, const char **attrs)
{
	const char *name = xml_attr(attrs, "name");

	if (o->tables++ > 0 || !o->spreadsheet)
		return;
	keep(&o->st, prose_end(&o->prose));
	keep(&o->st, cell_begin(&o->cells, o->x,
				span_str(name != NULL ? name : "sheet")));
	o->table = o->st == ST_OK;
	o->row = o->column = 0;
}

static void
close_table(struct odf *o)
{
	if (o->tables > 0)
		o->tables--;
	if (!o->table || o->tables > 0)
		return;
	cell_also(&o->cells, CELL_SHEET, 0, 0, buf_span(&o->text));
	buf_clear(&o->text);
	keep(&o->st, cell_end(&o->cells));
	keep(&o->st, prose_begin(&o->prose, o->x, o->elements, o->title));
	o->table = false;
}

static bool
is_line(const char *name)
{
	return strcmp(name, "p") == 0 || strcmp(name, "creator") == 0 ||
	       strcmp(name, "date") == 0;
}

static void
sheet_open(struct odf *o, const char *name, const char **attrs)
{
	if (strcmp(name, "table-row") == 0) {
		o->rows = xml_count(xml_attr(attrs, "number-rows-repeated"), 1,
				    REPEAT_MAX);
		o->column = 0;
	} else if (strcmp(name, "table-cell") == 0 ||
		   strcmp(name, "covered-table-cell") == 0) {
		open_cell(o, attrs);
	} else if (strcmp(name, "annotation") == 0) {
		o->note++;
	} else if (strcmp(name, "s") == 0) {
		for (unsigned n = xml_count(xml_attr(attrs, "c"), 1, 256);
		     n > 0; n--)
			cell_text(o, span_str(" "));
	} else if (strcmp(name, "tab") == 0 ||
		   strcmp(name, "line-break") == 0) {
		cell_text(o, span_str(" "));
	} else {
		o->lines += is_line(name);
		for (; attrs[0] != NULL; attrs += 2)
			if (prose_says(attrs[0], attrs[1]))
				cell_also(&o->cells,
					  o->cell ? CELL_VALUE : CELL_SHEET,
					  o->row, o->column,
					  span_str(attrs[1]));
	}
}

static void
sheet_close(struct odf *o, const char *name)
{
	if (strcmp(name, "table-row") == 0) {
		cell_row_end(&o->cells);
		o->row += o->rows;
	} else if (o->cell && (strcmp(name, "table-cell") == 0 ||
			       strcmp(name, "covered-table-cell") == 0)) {
		close_cell(o);
	} else if (strcmp(name, "annotation") == 0) {
		o->note -= o->note > 0;
	} else if (is_line(name)) {
		o->lines -= o->lines > 0;
		cell_text(o, span_str("\n"));
	}
}

/* ---- bytes in base64 -------------------------------------------------------
 */

static void
add_bytes(struct odf *o, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghij"
					  "klmnopqrstuvwxyz0123456789+/";
		const char *at = s.ptr[i] == 0 ? NULL : strchr(set, s.ptr[i]);

		if (at == NULL)
			continue;
		o->bits = o->bits << 6 | (uint32_t)(at - set);
		o->have += 6;
		if (o->have < 8)
			continue;
		o->have -= 8;
		if (buf_add_byte(&o->bytes, (uint8_t)(o->bits >> o->have)) !=
		    ST_OK)
			o->st = o->st == ST_OK ? ST_LIMIT : o->st;
	}
}

static void
open_data(struct odf *o)
{
	uint64_t left = o->x->kept < o->x->budget.memory
			    ? o->x->budget.memory - o->x->kept
			    : 0;

	o->data = true;
	o->have = 0;
	buf_init(&o->bytes, (size_t)left / 2 + 1);
}

/* A picture or an object is read as what it is. */
static void
close_data(struct odf *o)
{
	char name[32];
	struct part p;

	o->data = false;
	snprintf(name, sizeof(name), "object %u", ++o->pictures);
	if (o->st == ST_LIMIT) {
		job_note_member(o->x, span_str(name), COVER_MEMORY, NULL);
		o->st = ST_OK;
	} else if (o->bytes.len > 0 && job_count(o->x) &&
		   job_spend(o->x, o->bytes.len)) {
		part_memory(&p, buf_span(&o->bytes));
		o->x->kept += o->bytes.len;
		keep(&o->st, job_member(o->x, &p, span_str(name)));
		o->x->kept -= o->bytes.len;
	}
	buf_fini(&o->bytes);
}

/* ---- all of it -------------------------------------------------------------
 */

static void
on_open(void *arg, const char *name, const char **attrs)
{
	struct odf *o = arg;

	if (o->st != ST_OK)
		return;
	if (strcmp(name, "spreadsheet") == 0)
		o->spreadsheet = true;
	else if (strcmp(name, "binary-data") == 0 && !o->data)
		open_data(o);
	else if (strcmp(name, "table") == 0)
		open_table(o, attrs);
	else if (o->table)
		sheet_open(o, name, attrs);
	if (!o->table && o->st == ST_OK)
		prose_open(&o->prose, name, attrs);
}

static void
on_close(void *arg, const char *name)
{
	struct odf *o = arg;

	if (o->data && strcmp(name, "binary-data") == 0)
		close_data(o);
	if (o->st != ST_OK)
		return;
	if (strcmp(name, "spreadsheet") == 0)
		o->spreadsheet = false;
	if (o->table && strcmp(name, "table") != 0)
		sheet_close(o, name);
	else if (!o->table)
		prose_close(&o->prose, name);
	if (strcmp(name, "table") == 0)
		close_table(o);
}

static bool
blank(struct span t)
{
	for (size_t i = 0; i < t.len; i++)
		if (t.ptr[i] > ' ')
			return false;
	return true;
}

static void
on_text(void *arg, struct span s)
{
	struct odf *o = arg;

	if (o->data)
		add_bytes(o, s);
	else if (o->st != ST_OK)
		return;
	else if (!o->table)
		prose_text(&o->prose, s);
	else if (o->lines > 0 || !blank(s))
		cell_text(o, s);
}

static void
on_other(void *arg, struct span s)
{
	struct odf *o = arg;

	if (o->st == ST_OK && !o->table)
		prose_other(&o->prose, s);
	else if (o->st == ST_OK && !blank(s))
		cell_also(&o->cells, CELL_SHEET, 0, 0, s);
}

enum status
odf_sheets(struct extractor *x, struct part *p,
	   const struct prose_element *elements, const char *title)
{
	static const struct xml_walk walk = {on_open, on_close, on_text,
					     on_other};
	struct odf o = {.x = x, .elements = elements, .title = title};
	enum status st = prose_begin(&o.prose, x, elements, title);
	bool whole = true;

	if (st != ST_OK)
		return st;
	buf_init(&o.text, VALUE_MAX);
	buf_init(&o.comment, VALUE_MAX);
	buf_init(&o.formula, VALUE_MAX);
	buf_init(&o.string, VALUE_MAX);
	st = xml_read(x, p, &walk, &o, &whole);
	if (o.data)
		close_data(&o);
	o.tables = o.table;
	if (o.table)
		close_table(&o);
	keep(&st, o.st);
	keep(&st, prose_end(&o.prose));
	buf_fini(&o.text);
	buf_fini(&o.comment);
	buf_fini(&o.formula);
	buf_fini(&o.string);
	return st == ST_OK && !whole && !x->stop ? job_rest(x, p) : st;
}
