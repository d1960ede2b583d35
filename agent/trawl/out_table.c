#include "agent/trawl/out.h"
#include "base/utf.h"

#define TYPE_WIDTH  22
#define MATCH_WIDTH 34

/*
 * For people: a heading for each object, a line for each match below it. What
 * a terminal would obey is shown, not sent.
 */
static size_t
shown(struct out *o, struct span s)
{
	struct buf text;
	size_t width = 0;

	buf_init(&text, 1u << 20);
	out_need(utf_from_bytes(&text, s));
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		width += (c & 0xc0) != 0x80;
		if (c < 0x20 || c == 0x7f ||
		    (c == 0xc2 && i + 1 < text.len && text.data[i + 1] < 0xa0))
			c = '?';
		out_need(buf_add_byte(&o->text, c));
	}
	buf_fini(&text);
	return width;
}

static void
column(struct out *o, struct span s, size_t width)
{
	size_t n = shown(o, s);

	do
		out_add(o, " ");
	while (++n < width + 1);
}

static void
row(struct out *o, const struct scan_found *f)
{
	const struct finding *m = f->finding;

	if (o->rows == 0 || !span_eq(buf_span(&o->last), f->path)) {
		out_add(o, o->rows > 0 ? "\n" : "");
		shown(o, f->path);
		out_add(o, "\n");
		buf_clear(&o->last);
		out_need(buf_add(&o->last, f->path.ptr, f->path.len));
	}
	out_add(o, "  ");
	column(o, m->type, TYPE_WIDTH);
	column(o, out_match(f), MATCH_WIDTH);
	out_need(buf_addf(&o->text, "%3u %-6s  ", m->confidence, out_level(m)));
	if (m->place.len > 0)
		column(o, m->place, 0);
	out_need(buf_addf(&o->text, "@%llu\n", (unsigned long long)m->offset));
}

const struct out_format out_table = {.name = "table", .row = row};
