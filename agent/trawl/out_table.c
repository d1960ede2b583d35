#include "agent/trawl/out.h"

#define TYPE_WIDTH  22
#define MATCH_WIDTH 34

/* For people: a heading for each object, a line for each match below it. */
static void
column(struct out *o, struct span s, size_t width)
{
	size_t n = out_shown(&o->text, s);

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
		out_shown(&o->text, f->path);
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
