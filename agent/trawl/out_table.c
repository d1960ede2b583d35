#include "agent/trawl/out.h"
#include "base/utf.h"

#define TYPE_WIDTH  22
#define MATCH_WIDTH 34

/* Code points that a terminal obeys or that turn text around. */
static const struct {
	uint32_t from, to;
} obeyed[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},     {0x61c, 0x61c},
    {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069},
};

static bool
is_obeyed(uint32_t cp)
{
	for (size_t i = 0; i < sizeof(obeyed) / sizeof(obeyed[0]); i++)
		if (cp >= obeyed[i].from && cp <= obeyed[i].to)
			return true;
	return false;
}

/*
 * For people: a heading for each object, a line for each match below it. What
 * a terminal would obey is shown, not sent.
 */
static size_t
shown(struct out *o, struct span s)
{
	struct span rest;
	struct buf text;
	size_t width = 0, n;
	uint32_t cp;

	buf_init(&text, 1u << 20);
	out_need(utf_from_bytes(&text, s));
	for (rest = buf_span(&text); rest.len > 0; rest = span_skip(rest, n)) {
		n = utf_decode(rest, &cp);
		if (is_obeyed(cp))
			out_add(o, "?");
		else
			out_bytes(o, span_of(rest.ptr, n));
		width++;
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
