#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/ole/le.h"
#include "extract/ole/xls_impl.h"

#define SHEETS_MAX  4096
#define STRINGS_MAX (4u << 20)
#define NOTES_MAX   65536

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

void
xls_look_ahead(struct xls *w)
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

void
xls_name_sheet(struct xls *w, size_t begin)
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
