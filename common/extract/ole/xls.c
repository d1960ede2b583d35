#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/hold.h"
#include "extract/ole/biff.h"
#include "extract/ole/le.h"
#include "extract/ole/ole.h"

/*
 * xls: workbooks of Excel 5 to 2003 ([MS-XLS]). Each sheet is a text of rows,
 * with the addresses of its cells; hidden ones are sheets like others. Records
 * that are no cells, and shared strings that no cell has any more, come last.
 */
#define SHEETS_MAX  4096
#define STRINGS_MAX (4u << 20)
#define NOTES_MAX   65536
#define SHEET_NAME  256

enum what { CELL, COMMENT, HEADER, FOOTER, TEXT_BOX, NOWHERE };

struct sheet {
	uint32_t at; /* of its first record */
	size_t name; /* of its record, in the stream */
};

struct note {
	uint32_t sheet;
	uint16_t object, row, column;
};

/* Where a string begins, and where its record ends. */
struct place {
	uint32_t at, end;
};

struct xls {
	struct extractor *x;
	struct span stream;
	struct chars_page *page; /* of BIFF5 */
	bool wide;               /* BIFF8: strings may be UTF-16 */
	bool encrypted;
	struct sheet *sheets;
	size_t sheet_count;
	struct place *strings; /* the shared ones */
	uint8_t *used;         /* a bit each: a cell has it */
	size_t string_count;
	struct note *notes;
	size_t note_count;
	/* the sheet that is read */
	struct made *made;
	uint32_t sheet; /* its number, counted as they come */
	char name[SHEET_NAME];
	size_t name_len;
	uint32_t row;
	bool any;        /* a cell was put */
	uint16_t object; /* whose text comes */
	bool cut;
};

/* ---- words for places ------------------------------------------------------
 */

static size_t
say_cell(const struct xls *w, uint32_t row, uint32_t column, char *dst,
	 size_t room)
{
	char letters[MADE_COLUMN_MAX];
	size_t n = made_column(column, letters);
	int len = snprintf(dst, room, "%.*s!%.*s%u", (int)w->name_len, w->name,
			   (int)n, letters, row + 1);

	return (size_t)len < room ? (size_t)len : room - 1;
}

static size_t
add_comment(size_t n, char *dst, size_t room)
{
	static const char word[] = " comment";

	if (n == 0 || room - n < sizeof(word))
		return n;
	memcpy(dst + n, word, sizeof(word) - 1);
	return n + sizeof(word) - 1;
}

static size_t
say_comment(const struct xls *w, uint32_t object, char *dst, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < w->note_count && n == 0; i++)
		if (w->notes[i].sheet == w->sheet &&
		    w->notes[i].object == object)
			n = say_cell(w, w->notes[i].row, w->notes[i].column,
				     dst, room);
	return add_comment(n, dst, room);
}

static size_t
say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	static const char *const words[] = {
	    [HEADER] = "header", [FOOTER] = "footer", [TEXT_BOX] = "text box"};
	const struct xls *w = arg;
	unsigned what = m->b >> 16;
	size_t n = 0;
	int len;

	if (what == CELL)
		return say_cell(w, m->a, m->b & 0xffff, dst, room);
	if (what == COMMENT && (m->b & 0xffff) != 0)
		n = add_comment(
		    say_cell(w, m->a, (m->b & 0xffff) - 1, dst, room), dst,
		    room);
	if (what == TEXT_BOX)
		n = say_comment(w, m->a, dst, room);
	if (n > 0)
		return n;
	if (what == NOWHERE)
		len = snprintf(dst, room, "unused strings");
	else
		len = snprintf(dst, room, "%.*s %s", (int)w->name_len, w->name,
			       what == COMMENT ? "comment" : words[what]);
	return (size_t)len < room ? (size_t)len : room - 1;
}

/* ---- the workbook's own records --------------------------------------------
 */

static void
add_sheet(struct xls *w, const struct biff *b)
{
	if (b->body.len < 8 || w->sheet_count == SHEETS_MAX)
		return;
	if (w->sheets == NULL)
		w->sheets = calloc(SHEETS_MAX, sizeof(*w->sheets));
	if (w->sheets != NULL)
		w->sheets[w->sheet_count++] =
		    (struct sheet){le32(b->body.ptr), b->begin};
}

/*
 * Where each shared string begins. How many there are is what the records hold:
 * some writers count wrong.
 */
static void
add_strings(struct xls *w, const struct biff *b)
{
	struct biff_at p = biff_body(b, 8);
	/* each takes three bytes at least */
	size_t most = (w->stream.len - b->begin) / 3;

	if (b->body.len < 8 || w->strings != NULL)
		return;
	if (most > STRINGS_MAX)
		most = STRINGS_MAX;
	w->strings = calloc(most + 1, sizeof(*w->strings));
	w->used = calloc(1, most / 8 + 1);
	if (w->strings == NULL || w->used == NULL)
		return;
	while (w->string_count < most && biff_more(&p)) {
		w->strings[w->string_count] =
		    (struct place){(uint32_t)p.at, (uint32_t)p.end};
		if (!biff_shared(&p, NULL)) {
			w->cut = true;
			break;
		}
		w->string_count++;
	}
}

static void
add_note(struct xls *w, const struct biff *b, uint32_t sheet)
{
	const uint8_t *p = b->body.ptr;

	if (!w->wide || b->body.len < 8 || w->note_count == NOTES_MAX)
		return;
	if (w->notes == NULL)
		w->notes = calloc(NOTES_MAX, sizeof(*w->notes));
	if (w->notes != NULL)
		w->notes[w->note_count++] =
		    (struct note){sheet, le16(p + 6), le16(p), le16(p + 2)};
}

/* Some writers fill up the last sector. */
static bool
only_zeros(struct span s)
{
	while (s.len > 0 && s.ptr[s.len - 1] == 0)
		s.len--;
	return s.len == 0;
}

/* What must be known before the cells are read. */
static void
look_ahead(struct xls *w)
{
	struct biff b = {.stream = w->stream};
	uint32_t sheet = 0;
	unsigned depth = 0;

	while (biff_next(&b)) {
		if (b.type == BIFF_EOF)
			depth -= depth > 0;
		if (b.type == BIFF_BOF && b.body.len >= 4) {
			if (b.begin == 0)
				w->wide = le16(b.body.ptr) >= 0x0600;
			sheet += depth++ == 0;
		} else if (b.type == BIFF_FILEPASS) {
			w->encrypted = true;
		} else if (b.type == BIFF_CODEPAGE && b.body.len >= 2) {
			w->page = chars_codepage(chars_of(w->x),
						 le16(b.body.ptr) == 32769
						     ? 1252
						     : le16(b.body.ptr));
		} else if (b.type == BIFF_BOUNDSHEET) {
			add_sheet(w, &b);
		} else if (b.type == BIFF_SST) {
			add_strings(w, &b);
		} else if (b.type == BIFF_NOTE) {
			add_note(w, &b, sheet);
		}
	}
	w->cut = w->cut || !only_zeros(span_skip(w->stream, b.at));
}

/* The name of the sheet whose records begin here. */
static void
name_sheet(struct xls *w, size_t begin)
{
	struct biff b = {.stream = w->stream};
	struct buf name;
	size_t i = 0;

	w->name_len = (size_t)snprintf(w->name, sizeof(w->name), "sheet %u",
				       w->sheet - 1);
	while (i < w->sheet_count && w->sheets[i].at != begin)
		i++;
	if (i == w->sheet_count)
		return;
	b.at = w->sheets[i].name;
	if (!biff_next(&b) || b.body.len < 8)
		return;
	i = w->wide ? 8 : 7;
	buf_init(&name, SHEET_NAME - 1);
	if (chars_add(w->wide && (b.body.ptr[7] & 1)
			  ? chars_codepage(chars_of(w->x), 1200)
		      : w->wide ? chars_codepage(chars_of(w->x), 1252)
				: w->page,
		      span_of(b.body.ptr + i, b.body.len - i),
		      &name) == ST_OK &&
	    name.len > 0) {
		memcpy(w->name, name.data, name.len);
		w->name_len = name.len;
	}
	buf_fini(&name);
}

/* ---- cells -----------------------------------------------------------------
 */

static void
mark(struct xls *w, enum what what, uint32_t a, uint32_t b)
{
	made_mark(w->made, a, (uint32_t)what << 16 | (b & 0xffff));
}

/* Cells of a row stand in a line. */
static void
begin_cell(struct xls *w, uint32_t row, uint32_t column)
{
	if (w->any)
		made_byte(w->made, row == w->row ? '\t' : '\n');
	w->any = true;
	w->row = row;
	mark(w, CELL, row, column);
}

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

static void
shared(struct xls *w, uint32_t i)
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

static void
old_note(struct xls *w, const struct biff *b)
{
	const uint8_t *p = b->body.ptr;

	if (w->wide || b->body.len <= 6)
		return;
	made_byte(w->made, '\n');
	mark(w, COMMENT, le16(p), le16(p + 2) + 1u);
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
	mark(w, TEXT_BOX, w->object, 0);
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
	mark(w, what, 0, 0);
	if (w->wide)
		text16(w, b, 0);
	else
		oletext_bytes(w->made, w->page, span_skip(b->body, 1));
	made_byte(w->made, '\n');
}

/* False: nothing that we know; its bytes come with the rest. */
static bool
record(struct xls *w, const struct biff *b)
{
	const uint8_t *p = b->body.ptr;

	switch (b->type) {
	case BIFF_HEADER:
	case BIFF_FOOTER:
		page_text(w, b, b->type == BIFF_HEADER ? HEADER : FOOTER);
		return true;
	case BIFF_TXO:
		drawn_text(w, b);
		return true;
	case BIFF_OBJ:
		w->object = b->body.len >= 8 ? le16(p + 6) : 0;
		return false;
	case BIFF_STRING:
		text16(w, b, 0);
		return true;
	case BIFF_NOTE:
		old_note(w, b);
		return !w->wide;
	default:
		break;
	}
	if (b->body.len < 6)
		return false;
	switch (b->type) {
	case BIFF_LABELSST:
		begin_cell(w, le16(p), le16(p + 2));
		if (b->body.len >= 10)
			shared(w, le32(p + 6));
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
		return false; /* it may have text of its own */
	default:
		return false;
	}
}

/* From its BOF to its EOF; charts within have theirs. */
static enum status
sheet(struct xls *w, struct biff *b)
{
	enum status st = made_begin(w->x, &w->made, say, w);
	unsigned depth = 1, n = 0;

	if (st != ST_OK)
		return st;
	name_sheet(w, b->begin);
	w->any = false;
	while (depth > 0 && !w->x->stop && biff_next(b)) {
		if (b->type == BIFF_BOF)
			depth++;
		else if (b->type == BIFF_EOF)
			depth--;
		else
			(void)record(w, b);
		if (++n % 4096 == 0 && !job_in_time(w->x))
			break;
	}
	return made_end(w->made);
}

static enum status
unused_strings(struct xls *w)
{
	enum status st = made_begin(w->x, &w->made, say, w);

	if (st != ST_OK)
		return st;
	mark(w, NOWHERE, 0, 0);
	for (size_t i = 0; i < w->string_count && !w->x->stop; i++)
		if ((w->used[i >> 3] & 1u << (i & 7)) == 0) {
			shared(w, (uint32_t)i);
			made_byte(w->made, '\n');
		}
	return made_end(w->made);
}

/* ---- the rest --------------------------------------------------------------
 */

struct rest {
	struct biff b;
	struct span left;
	bool out; /* the record that may be continued */
};

/* Told by its type alone: is it one of those that went out as text? */
static bool
went_out(const struct biff *b)
{
	static const uint16_t types[] = {
	    BIFF_SST,    BIFF_LABELSST, BIFF_LABEL, BIFF_RSTRING,
	    BIFF_NUMBER, BIFF_RK,       BIFF_MULRK, BIFF_TXO,
	    BIFF_STRING, BIFF_HEADER,   BIFF_FOOTER};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (b->type == types[i])
			return true;
	return false;
}

static enum status
rest_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct rest *r = arg;

	*got = 0;
	while (r->left.len == 0) {
		if (!biff_next(&r->b))
			return ST_OK;
		if (r->b.type != BIFF_CONTINUE)
			r->out = went_out(&r->b);
		if (!r->out)
			r->left = r->b.body;
	}
	*got = n < r->left.len ? n : r->left.len;
	memcpy(dst, r->left.ptr, *got);
	r->left = span_skip(r->left, *got);
	return ST_OK;
}

static enum status
rest(struct xls *w, struct span name)
{
	struct rest r = {.b = {.stream = w->stream}};
	struct part inner = {.arg = &r, .read = rest_read, .size = UINT64_MAX};
	enum status st = ST_NOMEM;
	struct job_outer o;

	job_begin_member(w->x, name, &o);
	inner.buf = job_buf(w->x);
	if (inner.buf != NULL)
		st = job_rest(w->x, &inner);
	if (st == ST_OK && !w->x->stop && r.b.at < w->stream.len) {
		struct part tail;

		part_memory(&tail, span_skip(w->stream, r.b.at));
		st = job_rest(w->x, &tail);
	}
	job_end_member(w->x, &o);
	return st;
}

static enum status
workbook(struct xls *w, struct span name)
{
	struct biff b = {.stream = w->stream};
	enum status st = ST_OK;

	look_ahead(w);
	if (w->encrypted)
		job_note_words(w->x, COVER_ENCRYPTED, "a workbook");
	while (!w->encrypted && st == ST_OK && !w->x->stop && biff_next(&b)) {
		if (b.type != BIFF_BOF)
			continue;
		w->sheet++;
		st = sheet(w, &b);
	}
	if (w->cut && !w->encrypted)
		job_note_words(w->x, COVER_MALFORMED,
			       "records of the workbook are cut");
	if (st == ST_OK && !w->x->stop && w->string_count > 0 && !w->encrypted)
		st = unused_strings(w);
	return st == ST_OK && !w->x->stop ? rest(w, name) : st;
}

enum status
xls_read(struct extractor *x, struct cfb *c, uint32_t in)
{
	bool book = cfb_find(c, in, "Workbook") == CFB_NONE;
	const char *name = book ? "Book" : "Workbook";
	uint32_t entry = cfb_find(c, in, name);
	struct xls w = {.x = x};
	struct cfb_stream s;
	enum status st;
	struct part p;
	struct hold h;

	if (c->entries[entry].taken)
		return ST_OK;
	cfb_part(c, entry, &s, &p);
	if (!hold_part(x, &p, &h)) {
		hold_end(x, &h);
		job_note(x, COVER_MEMORY);
		return ole_bytes(x, c, entry, span_str(name));
	}
	c->entries[entry].taken = true;
	w.stream = h.part.whole;
	st = workbook(&w, span_str(name));
	free(w.sheets);
	free(w.strings);
	free(w.used);
	free(w.notes);
	hold_end(x, &h);
	return st;
}
