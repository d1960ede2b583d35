#include "extract/pdf/layout.h"

/* In ems. Gaps of justified and of narrow text are wider than kerning. */
#define GAP       0.15
#define GAP_WIDE  5.0
#define BACK      1.0 /* further back it is another line */
#define OFF_LINE  0.7
#define PARALLEL  0.9
#define LIGATURES 0xfb00

void
pdf_layout_begin(struct pdf_layout *l, struct made *to)
{
	*l = (struct pdf_layout){.to = to};
}

static void
put(struct pdf_layout *l, uint32_t c)
{
	if (c < 0x80) {
		made_byte(l->to, (uint8_t)c);
		l->last = (uint8_t)c;
		return;
	}
	made_char(l->to, c);
	l->last = 0xff;
}

void
pdf_layout_line(struct pdf_layout *l)
{
	if (l->last != 0 && l->last != '\n')
		put(l, '\n');
	l->begun = false;
}

void
pdf_layout_gap(struct pdf_layout *l)
{
	if (l->last != 0 && l->last != ' ' && l->last != '\t' &&
	    l->last != '\n')
		put(l, ' ');
}

void
pdf_layout_at(struct pdf_layout *l, const struct pdf_spot *s)
{
	const struct pdf_spot *e = &l->end;
	double size = e->size > s->size ? e->size : s->size;
	double dx = (s->x - e->x) / size, dy = (s->y - e->y) / size;
	double along = dx * e->ux + dy * e->uy;
	double off = dy * e->ux - dx * e->uy;
	bool begun = l->begun;

	l->begun = true;
	if (!begun)
		return;
	if (off > OFF_LINE || off < -OFF_LINE || along < -BACK ||
	    e->ux * s->ux + e->uy * s->uy < PARALLEL) {
		if (l->last != '\n')
			put(l, '\n');
	} else if (along > GAP && l->last != ' ' && l->last != '\t' &&
		   l->last != '\n') {
		put(l, along > GAP_WIDE ? '\t' : ' ');
	}
}

/* Letters that were drawn as one are several again. */
static bool
ligature(struct pdf_layout *l, uint32_t c)
{
	static const char *const parts[] = {"ff",  "fi", "fl", "ffi",
					    "ffl", "st", "st"};

	if (c < LIGATURES || c >= LIGATURES + 7)
		return false;
	for (const char *p = parts[c - LIGATURES]; *p != 0; p++)
		put(l, (uint8_t)*p);
	return true;
}

void
pdf_layout_char(struct pdf_layout *l, uint32_t c)
{
	if (c < 0x20 && c != '\t')
		return;
	l->shown |= c != ' ';
	if (!ligature(l, c))
		put(l, c == 0xa0 ? ' ' : c);
}

void
pdf_layout_ascii(struct pdf_layout *l, struct span s)
{
	if (s.len == 0)
		return;
	for (size_t i = 0; i < s.len && !l->shown; i++)
		l->shown = s.ptr[i] != ' ';
	made_text(l->to, s);
	l->last = s.ptr[s.len - 1];
}

void
pdf_layout_text(struct pdf_layout *l, const uint8_t *text, size_t n)
{
	for (size_t i = 0; i + 1 < n; i += 2) {
		uint32_t c = (uint32_t)text[i] << 8 | text[i + 1];

		if (c >= 0xd800 && c < 0xdc00 && i + 3 < n) {
			uint32_t low = (uint32_t)text[i + 2] << 8 | text[i + 3];

			c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
			i += 2;
		}
		pdf_layout_char(l, c);
	}
}
