#include "agent/trawl/out.h"
#include "model/match.h"

#ifndef TRAWL_VERSION
#define TRAWL_VERSION "0"
#endif

/* SARIF 2.1.0, for tools that show findings beside code. */
static void
begin(struct out *o)
{
	struct json *j = &o->json;

	json_map(j);
	json_put_cstr(j, "$schema",
		      "https://json.schemastore.org/sarif-2.1.0.json");
	json_put_cstr(j, "version", "2.1.0");
	json_key(j, "runs");
	json_list(j);
	json_map(j);
	json_key(j, "tool");
	json_map(j);
	json_key(j, "driver");
	json_map(j);
	json_put_cstr(j, "name", "trawl");
	json_put_cstr(j, "version", TRAWL_VERSION);
	json_end(j);
	json_end(j);
	json_key(j, "results");
	json_list(j);
}

static void
uri_of(struct buf *to, struct span path)
{
	static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
				   "pqrstuvwxyz0123456789-._~/";

	if (path.len > 0 && path.ptr[0] == '/')
		out_need(buf_add_str(to, "file://"));
	for (size_t i = 0; i < path.len; i++)
		if (memchr(safe, path.ptr[i], sizeof(safe) - 1) != NULL)
			out_need(buf_add_byte(to, path.ptr[i]));
		else
			out_need(buf_addf(to, "%%%02X", path.ptr[i]));
}

/* As JSON, once for the rows of an object. */
static struct span
quoted_uri(struct out *o, struct span path)
{
	struct buf uri;

	if (o->rows > 0 && span_eq(buf_span(&o->last), path))
		return buf_span(&o->head);
	buf_clear(&o->last);
	buf_clear(&o->head);
	out_need(buf_add(&o->last, path.ptr, path.len));
	buf_init(&uri, 1u << 20);
	uri_of(&uri, path);
	out_need(json_quote(&o->head, buf_span(&uri)));
	buf_fini(&uri);
	return buf_span(&o->head);
}

static void
location(struct out *o, const struct scan_found *f)
{
	const struct finding *m = f->finding;
	struct json *j = &o->json;

	json_map(j);
	json_key(j, "physicalLocation");
	json_map(j);
	json_key(j, "artifactLocation");
	json_map(j);
	json_key(j, "uri");
	json_raw(j, quoted_uri(o, f->path));
	json_end(j);
	/* inside a container the offset is not one of the file */
	if (m->place.len == 0) {
		json_key(j, "region");
		json_map(j);
		json_put_u64(j, "byteOffset", m->offset);
		json_put_u64(j, "byteLength", m->length);
		json_end(j);
	}
	json_end(j);
	json_end(j);
}

/* In a message of SARIF a brace begins a placeholder; doubled it is one. */
static void
add_plain(struct buf *to, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		bool brace = s.ptr[i] == '{' || s.ptr[i] == '}';
		const uint8_t two[] = {s.ptr[i], s.ptr[i]};

		out_need(buf_add(to, two, brace ? 2 : 1));
	}
}

static void
message(struct json *j, const struct scan_found *f)
{
	struct buf text;

	buf_init(&text, 1u << 20);
	add_plain(&text, f->finding->type);
	out_need(buf_add_str(&text, ": "));
	add_plain(&text, out_match(f));
	json_key(j, "message");
	json_map(j);
	json_put_str(j, "text", buf_span(&text));
	json_end(j);
	buf_fini(&text);
}

static void
properties(struct json *j, const struct finding *m)
{
	json_key(j, "properties");
	json_map(j);
	json_put_str(j, "place", m->place);
	json_put_u64(j, "offset", m->offset);
	json_put_u64(j, "length", m->length);
	json_put_u64(j, "confidence", m->confidence);
	json_put_cstr(j, "level", out_level(m));
	json_key(j, "reasons");
	json_list(j);
	for (unsigned i = 0; i < REASON__COUNT; i++)
		if (m->reasons & REASON(i))
			json_cstr(j, reason_text(i));
	json_end(j);
	out_also(j, m);
	json_end(j);
}

static void
row(struct out *o, const struct scan_found *f)
{
	struct json *j = &o->json;
	bool strict = f->finding->level == LEVEL_STRICT;

	json_map(j);
	json_put_str(j, "ruleId", f->finding->type);
	json_put_cstr(j, "level", strict ? "error" : "warning");
	message(j, f);
	json_key(j, "locations");
	json_list(j);
	location(o, f);
	json_end(j);
	properties(j, f->finding);
	json_end(j);
}

static void
end(struct out *o)
{
	json_end(&o->json);
	json_end(&o->json);
	json_end(&o->json);
	json_end(&o->json);
	out_need(json_done(&o->json));
	out_add(o, "\n");
}

const struct out_format out_sarif = {
    .name = "sarif", .begin = begin, .row = row, .end = end};
