#include <string.h>

#include "agent/trawl/out.h"
#include "base/str.h"
#include "base/utf.h"
#include "model/match.h"

/*
 * RFC 4180; bytes that are not UTF-8 are shown as everywhere else. A cell that
 * a spreadsheet would take for a formula gets an apostrophe in front.
 */
static void
cell(struct out *o, struct span s)
{
	if (s.len > 0 && s.ptr[0] != 0 &&
	    strchr("=+-@\t\r\n", s.ptr[0]) != NULL)
		out_add(o, "'");
	while (s.len > 0) {
		size_t n = str_find(s, '"');

		out_bytes(o, span_of(s.ptr, n));
		if (n < s.len)
			out_add(o, "\"\"");
		s = span_skip(s, n + 1);
	}
}

static void
field(struct out *o, struct span s, const char *behind)
{
	struct buf text;

	out_add(o, "\"");
	if (utf_valid(s)) {
		cell(o, s);
	} else {
		buf_init(&text, 1u << 20);
		out_need(utf_from_bytes(&text, s));
		cell(o, buf_span(&text));
		buf_fini(&text);
	}
	out_add(o, "\"");
	out_add(o, behind);
}

static void
begin(struct out *o)
{
	out_add(o, "path,place,type,offset,length,match,confidence,level,"
		   "reasons,also\r\n");
}

static void
also(struct out *o, struct span ids)
{
	struct span id;

	out_add(o, "\"");
	for (bool more = false; str_next(&ids, ',', &id); more = true) {
		out_add(o, more ? "; " : "");
		out_need(buf_add(&o->text, id.ptr, id.len));
	}
	out_add(o, "\"\r\n");
}

static void
row(struct out *o, const struct scan_found *f)
{
	const struct finding *m = f->finding;
	const char *glue = "\"";

	field(o, f->path, ",");
	field(o, m->place, ",");
	field(o, m->type, ",");
	out_need(buf_addf(&o->text, "%llu,%u,", (unsigned long long)m->offset,
			  m->length));
	field(o, out_match(f), ",");
	out_need(buf_addf(&o->text, "%u,%s,", m->confidence, out_level(m)));
	for (unsigned i = 0; i < REASON__COUNT; i++)
		if (m->reasons & REASON(i)) {
			out_add(o, glue);
			out_add(o, reason_text(i));
			glue = "; ";
		}
	out_add(o, glue[0] == '"' ? "\"\"," : "\",");
	also(o, m->also);
}

const struct out_format out_csv = {.name = "csv", .begin = begin, .row = row};
