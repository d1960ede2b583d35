#include "extract/ole/le.h"
#include "extract/ole/xls_impl.h"

/* ---- text ------------------------------------------------------------------
 */

static void
text16(struct xls *w, const struct biff *b, size_t skip)
{
	struct biff_at p = biff_body(b, skip);
	uint32_t n;

	if (b->body.len < skip + 3)
		return;
	n = le16(b->body.ptr + skip);
	if (!w->wide) {
		p.at += 2;
		n = n < p.end - p.at ? n : (uint32_t)(p.end - p.at);
		oletext_bytes(w->made, w->page,
			      span_of(p.stream.ptr + p.at, n));
		return;
	}
	p.at += 3;
	w->cut =
	    !biff_chars(&p, n, (b->body.ptr[skip + 2] & 1) != 0, w->made) ||
	    w->cut;
}

void
xls_shared(struct xls *w, uint32_t i)
{
	struct biff_at p = {.stream = w->stream};

	if (i >= w->string_count)
		return;
	p.at = w->strings[i].at;
	p.end = w->strings[i].end;
	w->used[i >> 3] |= (uint8_t)(1u << (i & 7));
	/* one may stand in very many cells */
	if (job_spend(w->x, p.end - p.at > 2 ? le16(p.stream.ptr + p.at) : 2))
		(void)biff_shared(&p, w->made);
}

/* ---- cells -----------------------------------------------------------------
 */

/* Cells of a row stand in a line. */
static void
begin_cell(struct xls *w, uint32_t row, uint32_t column)
{
	if (w->any)
		made_byte(w->made, row == w->row ? '\t' : '\n');
	w->any = true;
	w->row = row;
	xls_mark(w, CELL, row, column);
}

static void
short_numbers(struct xls *w, const struct biff *b)
{
	const uint8_t *p = b->body.ptr;

	for (size_t at = 4; at + 6 <= b->body.len; at += 6) {
		begin_cell(w, le16(p), le16(p + 2) + (uint32_t)((at - 4) / 6));
		biff_number(w->made, biff_rk(le32(p + at + 2)));
	}
}

/* What it came to; a text stands in the next STRING. */
static void
formula(struct xls *w, const struct biff *b)
{
	const uint8_t *p = b->body.ptr;

	begin_cell(w, le16(p), le16(p + 2));
	if (b->body.len >= 14 && le16(p + 12) != 0xffff)
		biff_number(w->made, le_double(p + 6));
}

/* ---- beside the cells ------------------------------------------------------
 */

static void
old_note(struct xls *w, const struct biff *b)
{
	const uint8_t *p = b->body.ptr;

	if (w->wide || b->body.len <= 6)
		return;
	made_byte(w->made, '\n');
	xls_mark(w, COMMENT, le16(p), le16(p + 2) + 1u);
	oletext_bytes(w->made, w->page, span_skip(b->body, 6));
}

/* Of a drawing: its characters are in the record behind. */
static void
drawn_text(struct xls *w, const struct biff *b)
{
	struct biff next = {.stream = b->stream, .at = b->at};
	struct biff_at p;

	if (b->body.len < 12 || le16(b->body.ptr + 10) == 0 ||
	    !biff_next(&next) || next.type != BIFF_CONTINUE ||
	    next.body.len < 1)
		return;
	made_byte(w->made, '\n');
	xls_mark(w, TEXT_BOX, w->object, 0);
	p = biff_body(&next, 1);
	(void)biff_chars(&p, le16(b->body.ptr + 10), next.body.ptr[0] & 1,
			 w->made);
}

static void
page_text(struct xls *w, const struct biff *b, enum what what)
{
	if (b->body.len < 2)
		return;
	made_byte(w->made, '\n');
	xls_mark(w, what, 0, 0);
	if (w->wide)
		text16(w, b, 0);
	else
		oletext_bytes(w->made, w->page, span_skip(b->body, 1));
	made_byte(w->made, '\n');
}

static void
object(struct xls *w, const struct biff *b)
{
	w->object = b->body.len >= 8 ? le16(b->body.ptr + 6) : 0;
}

/* ---- records ---------------------------------------------------------------
 */

/* Those that begin with row, column and format; false: it is another one. */
static bool
cell(struct xls *w, const struct biff *b)
{
	const uint8_t *p = b->body.ptr;

	switch (b->type) {
	case BIFF_LABELSST:
		begin_cell(w, le16(p), le16(p + 2));
		if (b->body.len >= 10)
			xls_shared(w, le32(p + 6));
		return true;
	case BIFF_LABEL:
	case BIFF_RSTRING:
		begin_cell(w, le16(p), le16(p + 2));
		text16(w, b, 6);
		return true;
	case BIFF_NUMBER:
		begin_cell(w, le16(p), le16(p + 2));
		if (b->body.len >= 14)
			biff_number(w->made, le_double(p + 6));
		return true;
	case BIFF_RK:
	case BIFF_MULRK:
		short_numbers(w, b);
		return true;
	case BIFF_FORMULA:
		formula(w, b);
		return true;
	default:
		return false;
	}
}

static void
record(struct xls *w, const struct biff *b)
{
	if (b->body.len >= 6 && cell(w, b))
		return;
	switch (b->type) {
	case BIFF_HEADER:
	case BIFF_FOOTER:
		page_text(w, b, b->type == BIFF_HEADER ? HEADER : FOOTER);
		break;
	case BIFF_TXO:
		drawn_text(w, b);
		break;
	case BIFF_OBJ:
		object(w, b);
		break;
	case BIFF_STRING:
		text16(w, b, 0);
		break;
	case BIFF_NOTE:
		old_note(w, b);
		break;
	default:
		break;
	}
}

enum status
xls_sheet(struct xls *w, struct biff *b)
{
	enum status st = made_begin(w->x, &w->made, xls_place, w);
	unsigned depth = 1, n = 0;

	if (st != ST_OK)
		return st;
	xls_name_sheet(w, b->begin);
	w->any = false;
	while (depth > 0 && !w->x->stop && biff_next(b)) {
		if (b->type == BIFF_BOF)
			depth++;
		else if (b->type == BIFF_EOF)
			depth--;
		else
			record(w, b);
		if (++n % 4096 == 0 && !job_in_time(w->x))
			break;
	}
	return made_end(w->made);
}
