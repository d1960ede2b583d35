#include "agent/trawl/out.h"
#include "model/match.h"

/* One JSON object a line; the keys are a promise to whoever reads them. */
static void
reasons(struct json *j, uint64_t bits)
{
	json_key(j, "reasons");
	json_list(j);
	for (unsigned i = 0; i < REASON__COUNT; i++)
		if (bits & REASON(i))
			json_cstr(j, reason_text(i));
	json_end(j);
}

static void
row(struct out *o, const struct scan_found *f)
{
	const struct finding *m = f->finding;
	struct json j;

	json_init(&j, &o->text);
	json_map(&j);
	json_put_str(&j, "path", f->path);
	json_put_str(&j, "place", m->place);
	json_put_str(&j, "type", m->type);
	json_put_u64(&j, "offset", m->offset);
	json_put_u64(&j, "length", m->length);
	json_put_str(&j, "match", out_match(f));
	json_put_u64(&j, "confidence", m->confidence);
	json_put_cstr(&j, "level", out_level(m));
	reasons(&j, m->reasons);
	out_also(&j, m);
	json_end(&j);
	out_need(json_done(&j));
	out_add(o, "\n");
}

const struct out_format out_jsonl = {.name = "jsonl", .row = row};
