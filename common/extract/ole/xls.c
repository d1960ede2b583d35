#include <stdlib.h>

#include "extract/hold.h"
#include "extract/ole/ole.h"
#include "extract/ole/xls_impl.h"

static enum status
unused_strings(struct xls *w)
{
	enum status st = made_begin(w->x, &w->made, xls_place, w);

	if (st != ST_OK)
		return st;
	xls_mark(w, NOWHERE, 0, 0);
	for (size_t i = 0; i < w->string_count && !w->x->stop; i++)
		if ((w->used[i >> 3] & 1u << (i & 7)) == 0) {
			xls_shared(w, (uint32_t)i);
			made_byte(w->made, '\n');
		}
	return made_end(w->made);
}

static enum status
workbook(struct xls *w, struct span name)
{
	struct biff b = {.stream = w->stream};
	enum status st = ST_OK;

	xls_look_ahead(w);
	if (w->encrypted)
		job_note_words(w->x, COVER_ENCRYPTED, "a workbook");
	while (!w->encrypted && st == ST_OK && !w->x->stop && biff_next(&b)) {
		if (b.type != BIFF_BOF)
			continue;
		w->sheet++;
		st = xls_sheet(w, &b);
	}
	if (w->cut && !w->encrypted)
		job_note_words(w->x, COVER_MALFORMED,
			       "records of the workbook are cut");
	if (st == ST_OK && !w->x->stop && w->string_count > 0 && !w->encrypted)
		st = unused_strings(w);
	return st == ST_OK && !w->x->stop ? xls_rest(w, name) : st;
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
