#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/hold.h"
#include "extract/ole/le.h"
#include "extract/ole/ole.h"
#include "extract/ole/oletext.h"
#include "extract/text.h"
#include "extract/utf8.h"

/*
 * doc: Word 6 to 2003 ([MS-DOC]). Text lies in pieces of the stream, each in
 * UTF-16 or Windows-1252, in the order of a table: first the main text, then
 * footnotes, headers and more. Hidden text and what a revision deleted are
 * text like other; what no piece holds is read behind as it stands.
 */
#define FIB_MAX    0x200
#define PIECES_MAX (1u << 20)

enum { WORD97 = 0xc1 };

static const char *const areas[] = {
    "paragraph", "footnote", "header",   "macro",
    "comment",   "endnote",  "text box", "text box in a header",
};
#define AREAS (sizeof(areas) / sizeof(areas[0]))

struct piece {
	uint32_t begin, end; /* characters */
	uint32_t at;         /* of its first byte in the stream */
	bool wide;
};

struct doc {
	struct extractor *x;
	struct span stream;
	const uint8_t *fib;
	struct piece *pieces;
	size_t count;
	uint32_t ends[AREAS]; /* where each area ends, in characters */
	struct made *made;
	unsigned area;
	uint32_t paragraph; /* within it */
	bool begun;         /* the mark of this paragraph is set */
};

/* "paragraph 12", "footnote" */
static size_t
say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	int n;

	(void)arg;
	n = m->a == 0 ? snprintf(dst, room, "paragraph %u", m->b)
		      : snprintf(dst, room, "%s", areas[m->a % AREAS]);
	return (size_t)n < room ? (size_t)n : room - 1;
}

/* ---- the table of pieces ---------------------------------------------------
 */

static bool
add_piece(struct doc *d, uint32_t begin, uint32_t end, uint32_t at, bool wide)
{
	uint64_t bytes = (uint64_t)(end - begin) * (wide ? 2 : 1);

	if (end < begin || at > d->stream.len)
		return false;
	if (bytes > d->stream.len - at)
		end = begin + (uint32_t)((d->stream.len - at) / (wide ? 2 : 1));
	d->pieces[d->count++] = (struct piece){begin, end, at, wide};
	return end > begin || bytes == 0;
}

/* n + 1 positions, then n descriptions of 8 bytes. */
static bool
read_pieces(struct doc *d, struct span s, bool old)
{
	size_t n = s.len < 4 ? 0 : (s.len - 4) / 12;
	bool good = true;

	if (n == 0 || n > PIECES_MAX)
		return false;
	d->pieces = calloc(n, sizeof(*d->pieces));
	if (d->pieces == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		uint32_t at = le32(s.ptr + 4 * (n + 1) + 8 * i + 2);
		bool wide = !old && (at & 0x40000000) == 0;

		if (!old && !wide)
			at = (at & 0x3fffffff) / 2;
		good = add_piece(d, le32(s.ptr + 4 * i),
				 le32(s.ptr + 4 * i + 4), at, wide) &&
		       good;
	}
	return good;
}

/* Behind properties of paragraphs stands the table. */
static bool
find_pieces(struct doc *d, struct span s, bool old)
{
	while (s.len > 3 && s.ptr[0] == 1)
		s = span_skip(s, 3u + le16(s.ptr + 1));
	if (s.len < 5 || s.ptr[0] != 2)
		return false;
	return read_pieces(d,
			   span_of(s.ptr + 5, le32(s.ptr + 1) < s.len - 5
						  ? le32(s.ptr + 1)
						  : s.len - 5),
			   old);
}

/* Without a table: one piece, from the first to the last character. */
static bool
one_piece(struct doc *d)
{
	uint32_t from = le32(d->fib + 0x18), to = le32(d->fib + 0x1c);

	d->pieces = calloc(1, sizeof(*d->pieces));
	if (d->pieces == NULL || to <= from || from >= d->stream.len)
		return false;
	return add_piece(d, 0, to - from, from, false);
}

static void
measure_areas(struct doc *d, bool old)
{
	const uint8_t *p = d->fib + (old ? 0x34 : 0x4c);
	uint32_t end = 0;

	for (size_t i = 0; i < AREAS; i++) {
		uint32_t n = le32(p + 4 * i);

		end = n > UINT32_MAX - end ? UINT32_MAX : end + n;
		d->ends[i] = end;
	}
}

/* ---- text ------------------------------------------------------------------
 */

static void
put_char(struct doc *d, uint32_t c)
{
	bool ends = c == '\r' || c == '\f';

	if (!d->begun)
		made_mark(d->made, d->area, d->paragraph);
	d->begun = !ends;
	d->paragraph += ends;
	if (ends || c == '\v')
		made_byte(d->made, '\n');
	else if (c == 7 || c == '\t')
		made_byte(d->made, '\t'); /* behind a cell */
	else if (c == 0x1e)
		made_byte(d->made, '-'); /* it does not break */
	else if (c >= 0x13 && c <= 0x15)
		made_byte(d->made, ' '); /* around fields */
	else if (c >= ' ')
		made_char(d->made, c);
}

/* Characters of the page that Word means by eight bits. */
static uint32_t
windows_1252(uint8_t c)
{
	static const uint16_t high[32] = {
	    0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
	    0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0x8d,   0x17d,  0x8f,
	    0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	    0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};

	return c >= 0x80 && c < 0xa0 ? high[c - 0x80] : c;
}

static void
enter_area(struct doc *d, uint32_t cp)
{
	while (d->area + 1 < AREAS && cp >= d->ends[d->area]) {
		d->area++;
		d->paragraph = 1;
		d->begun = false;
	}
}

static void
put_piece(struct doc *d, const struct piece *p)
{
	const uint8_t *at = d->stream.ptr + p->at;
	uint32_t n = p->end - p->begin;

	for (uint32_t i = 0; i < n && !d->x->stop; i++) {
		uint32_t c = p->wide ? le16(at + 2 * (size_t)i)
				     : windows_1252(at[i]),
			 low;

		enter_area(d, p->begin + i);
		if (c >= 0xd800 && c < 0xdc00 && i + 1 < n) {
			low = le16(at + 2 * (size_t)++i);
			c = 0x10000 + ((c - 0xd800) << 10) + (low & 0x3ff);
		}
		put_char(d, c);
	}
}

static enum status
text(struct doc *d)
{
	enum status st = made_begin(d->x, &d->made, say, NULL);

	if (st != ST_OK)
		return st;
	d->paragraph = 1;
	for (size_t i = 0; i < d->count && job_in_time(d->x); i++) {
		const struct piece *p = &d->pieces[i];

		/* pieces of a bad table may overlap */
		if (job_spend(d->x, p->end - p->begin))
			put_piece(d, p);
	}
	return made_end(d->made);
}

/* ---- what no piece holds ---------------------------------------------------
 */

static int
by_place(const void *a, const void *b)
{
	const struct piece *p = a, *q = b;

	return p->at < q->at ? -1 : p->at > q->at;
}

static enum status
stretch(struct doc *d, size_t from, size_t to)
{
	struct part p;

	part_memory(&p, span_of(d->stream.ptr, to));
	part_seek(&p, from);
	return text_bytes(d->x, &p, to - from);
}

static enum status
leftovers(struct doc *d)
{
	size_t place = job_enter(d->x, span_str("WordDocument")), at = 0;
	enum status st = ST_OK;

	if (d->count > 0)
		qsort(d->pieces, d->count, sizeof(*d->pieces), by_place);
	for (size_t i = 0; i < d->count && st == ST_OK && !d->x->stop; i++) {
		const struct piece *p = &d->pieces[i];
		size_t end =
		    p->at + (size_t)(p->end - p->begin) * (p->wide ? 2 : 1);

		if (p->at > at)
			st = stretch(d, at, p->at);
		at = end > at ? end : at;
	}
	if (st == ST_OK && !d->x->stop && at < d->stream.len)
		st = stretch(d, at, d->stream.len);
	job_leave(d->x, place);
	return st;
}

/* ---- all of it -------------------------------------------------------------
 */

/* The table lies in another stream, or of old in the same. */
static bool
pieces(struct doc *d, struct cfb *c, uint32_t in, bool old)
{
	uint32_t at = le32(d->fib + (old ? 0x160 : 0x1a2));
	uint32_t len = le32(d->fib + (old ? 0x164 : 0x1a6));
	bool one = (d->fib[0x0b] & 2) != 0, good = false;
	struct cfb_stream s;
	uint32_t entry;
	struct hold h;
	struct part p;

	if (old)
		return (d->fib[0x0a] & 4) == 0 || at > d->stream.len ||
			       len > d->stream.len - at
			   ? one_piece(d)
			   : find_pieces(d, span_of(d->stream.ptr + at, len),
					 true);
	entry = cfb_find(c, in, one ? "1Table" : "0Table");
	if (entry == CFB_NONE)
		return false;
	cfb_part(c, entry, &s, &p);
	if (hold_part(d->x, &p, &h) && at < h.part.whole.len) {
		struct span all = span_skip(h.part.whole, at);

		good = find_pieces(
		    d, span_of(all.ptr, len < all.len ? len : all.len), false);
	}
	hold_end(d->x, &h);
	return good;
}

static enum status
document(struct doc *d, struct cfb *c, uint32_t in)
{
	bool old = le16(d->fib + 2) < WORD97;
	enum status st = ST_OK;

	measure_areas(d, old);
	if (!pieces(d, c, in, old))
		job_note_words(d->x, COVER_MALFORMED,
			       "the table of pieces is damaged");
	if (d->count > 0)
		st = text(d);
	if (st == ST_OK && !d->x->stop)
		st = leftovers(d);
	free(d->pieces);
	return st;
}

enum status
doc_read(struct extractor *x, struct cfb *c, uint32_t in)
{
	uint32_t entry = cfb_find(c, in, "WordDocument");
	struct doc d = {.x = x};
	struct cfb_stream s;
	enum status st;
	struct part p;
	struct hold h;

	cfb_part(c, entry, &s, &p);
	if (p.size < FIB_MAX || p.size > x->budget.memory)
		return ole_member(x, c, entry, span_str("WordDocument"));
	if (!hold_part(x, &p, &h)) {
		hold_end(x, &h);
		job_note(x, COVER_MEMORY);
		return ole_member(x, c, entry, span_str("WordDocument"));
	}
	d.stream = h.part.whole;
	d.fib = d.stream.ptr;
	c->entries[entry].taken = true;
	if (d.stream.len < FIB_MAX || (d.fib[0x0b] & 1) != 0) {
		job_note_words(x, COVER_ENCRYPTED, "a Word document");
		st = ole_bytes(x, c, entry, span_str("WordDocument"));
	} else {
		st = document(&d, c, in);
	}
	hold_end(x, &h);
	return st;
}
