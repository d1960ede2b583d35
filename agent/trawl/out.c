#include "agent/trawl/out.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/trawl/commands.h"
#include "base/str.h"
#include "base/utf.h"
#include "model/match.h"
#include "sys/file.h"

#define TEXT_CAP (8u * 1024 * 1024)
#define FLUSH_AT (64 * 1024)

static const struct out_format *const formats[] = {&out_jsonl, &out_table,
						   &out_sarif, &out_csv};

const struct out_format *
out_find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}

void
out_need(enum status st)
{
	if (st == ST_OK)
		return;
	fprintf(stderr, "trawl: %s\n", status_text(st));
	exit(EXIT_ERROR); /* NOLINT(concurrency-mt-unsafe): one thread */
}

void
out_init(struct out *o, const struct out_format *f)
{
	*o = (struct out){.format = f};
	buf_init(&o->text, TEXT_CAP);
	buf_init(&o->last, TEXT_CAP);
	buf_init(&o->head, TEXT_CAP);
	json_init(&o->json, &o->text);
	if (f->begin != NULL)
		f->begin(o);
}

void
out_flush(struct out *o)
{
	enum status st = ST_OK;

	if (!o->closed && o->text.len > 0)
		st = file_write_all(STDOUT_FILENO, buf_span(&o->text));
	if (st != ST_OK) {
		o->closed = true;
		o->gone = st == ST_CLOSED;
		if (!o->gone)
			fprintf(stderr, "trawl: cannot write findings: %s\n",
				status_text(st));
	}
	buf_clear(&o->text);
}

void
out_row(struct out *o, const struct scan_found *f)
{
	o->format->row(o, f);
	o->rows++;
	if (o->text.len >= FLUSH_AT)
		out_flush(o);
}

void
out_end(struct out *o)
{
	if (o->format->end != NULL)
		o->format->end(o);
	out_flush(o);
	out_fini(o);
}

void
out_fini(struct out *o)
{
	buf_fini(&o->text);
	buf_fini(&o->last);
	buf_fini(&o->head);
}

struct span
out_match(const struct scan_found *f)
{
	return f->clear.ptr != NULL ? f->clear : f->finding->masked;
}

const char *
out_level(const struct finding *f)
{
	return f->level == LEVEL_STRICT ? "strict" : "broad";
}

void
out_also(struct json *j, const struct finding *f)
{
	struct span ids = f->also, id;

	if (ids.len == 0)
		return;
	json_key(j, "also");
	json_list(j);
	while (str_next(&ids, ',', &id))
		json_str(j, id);
	json_end(j);
}

void
out_add(struct out *o, const char *s)
{
	out_need(buf_add_str(&o->text, s));
}

void
out_bytes(struct out *o, struct span s)
{
	out_need(buf_add(&o->text, s.ptr, s.len));
}

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

/* Of these no terminal obeys any. */
static size_t
printable(struct span s)
{
	size_t n = 0;

	while (n < s.len && s.ptr[n] >= 0x20 && s.ptr[n] < 0x7f)
		n++;
	return n;
}

static size_t
show_text(struct buf *to, struct span s)
{
	size_t width = 0, n;
	uint32_t cp;

	for (; s.len > 0; s = span_skip(s, n)) {
		n = printable(s);
		width += n > 0 ? n : 1;
		if (n > 0) {
			out_need(buf_add(to, s.ptr, n));
			continue;
		}
		n = utf_decode(s, &cp);
		out_need(is_obeyed(cp) ? buf_add_byte(to, '?')
				       : buf_add(to, s.ptr, n));
	}
	return width;
}

size_t
out_shown(struct buf *to, struct span s)
{
	struct buf text;
	size_t width;

	if (utf_valid(s))
		return show_text(to, s);
	buf_init(&text, 1u << 20);
	out_need(utf_from_bytes(&text, s));
	width = show_text(to, buf_span(&text));
	buf_fini(&text);
	return width;
}
