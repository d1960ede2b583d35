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
	struct xml_names names; /* of enum element */
	struct prose prose;     /* one of both makes text */
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

/* What means something in a sheet, and around it. */
enum element {
	OTHER,
	ROW,
	CELL,
	NOTE,
	BLANKS,
	GAP,
	LINE,
	TABLE,
	SPREADSHEET,
	DATA,
};

static const struct {
	const char *name;
	enum element element;
} elements_known[] = {
    {"table-row", ROW},    {"table-cell", CELL}, {"covered-table-cell", CELL},
    {"annotation", NOTE},  {"s", BLANKS},        {"tab", GAP},
    {"line-break", GAP},   {"p", LINE},          {"creator", LINE},
    {"date", LINE},        {"table", TABLE},     {"spreadsheet", SPREADSHEET},
    {"binary-data", DATA},
};

/* What an element is here and to prose. */
#define IN_PROSE 8

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
keep_text(struct buf *b, struct span s)
{
	if (buf_add(b, s.ptr, s.len < VALUE_MAX ? s.len : VALUE_MAX) != ST_OK)
		buf_clear(b);
}

static void
open_cell(struct odf *o, const struct xml_tag *t)
{
	struct span type = xml_attr(t, "value-type");
	struct span value = xml_attr(t, "value");
	const struct xml_attr formula = {.value = xml_attr(t, "formula")};
	struct span f = formula.value, string = xml_attr(t, "string-value");

	o->cell = true;
	o->columns =
	    xml_count(xml_attr(t, "number-columns-repeated"), 1, REPEAT_MAX);
	o->value[0] = 0;
	if (type.ptr != NULL && value.ptr != NULL && !xml_is(type, "boolean"))
		snprintf(o->value, sizeof(o->value), "%.*s", (int)value.len,
			 (const char *)value.ptr);
	if (f.len > 0 &&
	    (memchr(f.ptr, '"', f.len) != NULL || prose_says(&formula)))
		keep_text(&o->formula, f);
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
open_table(struct odf *o, const struct xml_tag *t)
{
	struct span name = xml_attr(t, "name");

	if (o->tables++ > 0 || !o->spreadsheet)
		return;
	keep(&o->st, prose_end(&o->prose));
	keep(&o->st, cell_begin(&o->cells, o->x,
				name.ptr != NULL ? name : span_str("sheet")));
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

static void
add_attributes(struct odf *o, const struct xml_tag *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (prose_says(&t->attrs[i]))
			cell_also(&o->cells, o->cell ? CELL_VALUE : CELL_SHEET,
				  o->row, o->column, t->attrs[i].value);
}

static void
sheet_open(struct odf *o, enum element e, const struct xml_tag *t)
{
	if (e == ROW) {
		o->rows = xml_count(xml_attr(t, "number-rows-repeated"), 1,
				    REPEAT_MAX);
		o->column = 0;
	} else if (e == CELL) {
		open_cell(o, t);
	} else if (e == NOTE) {
		o->note++;
	} else if (e == BLANKS) {
		for (unsigned n = xml_count(xml_attr(t, "c"), 1, 256); n > 0;
		     n--)
			cell_text(o, span_str(" "));
	} else if (e == GAP) {
		cell_text(o, span_str(" "));
	} else {
		o->lines += e == LINE;
		add_attributes(o, t);
	}
}

static void
sheet_close(struct odf *o, enum element e)
{
	if (e == ROW) {
		cell_row_end(&o->cells);
		o->row += o->rows;
	} else if (e == CELL && o->cell) {
		close_cell(o);
	} else if (e == NOTE) {
		o->note -= o->note > 0;
	} else if (e == LINE) {
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

static unsigned
on_open(void *arg, const struct xml_tag *t)
{
	struct odf *o = arg;
	enum element e = xml_names_of(&o->names, t);

	if (o->st != ST_OK)
		return e;
	if (e == SPREADSHEET)
		o->spreadsheet = true;
	else if (e == DATA && !o->data)
		open_data(o);
	else if (e == TABLE)
		open_table(o, t);
	else if (o->table)
		sheet_open(o, e, t);
	if (o->table || o->st != ST_OK)
		return e;
	return e | prose_open(&o->prose, t) << IN_PROSE;
}

static void
on_close(void *arg, unsigned what)
{
	enum element e = what & ((1u << IN_PROSE) - 1);
	struct odf *o = arg;

	if (o->data && e == DATA)
		close_data(o);
	if (o->st != ST_OK)
		return;
	if (e == SPREADSHEET)
		o->spreadsheet = false;
	if (o->table && e != TABLE)
		sheet_close(o, e);
	else if (!o->table)
		prose_close(&o->prose, what >> IN_PROSE);
	if (e == TABLE)
		close_table(o);
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
	else if (o->lines > 0 || !xml_blank(s))
		cell_text(o, s);
}

static void
on_other(void *arg, struct span s)
{
	struct odf *o = arg;

	if (o->st == ST_OK && !o->table)
		prose_other(&o->prose, s);
	else if (o->st == ST_OK && !xml_blank(s))
		cell_also(&o->cells, CELL_SHEET, 0, 0, s);
}

enum status
odf_sheets(struct extractor *x, struct part *p,
	   const struct prose_element *elements, const char *title)
{
	static const struct xml_walk walk = {.open = on_open,
					     .close = on_close,
					     .text = on_text,
					     .other = on_other};
	struct odf o = {.x = x, .elements = elements, .title = title};
	enum status st = prose_begin(&o.prose, x, elements, title);
	bool whole = true;

	if (st != ST_OK)
		return st;
	for (size_t i = 0;
	     i < sizeof(elements_known) / sizeof(elements_known[0]); i++)
		xml_names_add(&o.names, elements_known[i].name,
			      elements_known[i].element);
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
