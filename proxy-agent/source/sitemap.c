#include "proxy-agent/source/sitemap.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "proxy-agent/session/gunzip.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/xml.h"

#define PIECE     (64 * 1024)
#define INDEX_MAX (4u << 20) /* bytes of addresses of further files */

struct reading {
	struct sitemap *map;
	struct xml *xml;
	struct gunzip *gunzip;
	struct buf files; /* further ones, each ends with a line end */
	struct buf text;  /* a line of a plain list */
	bool begun, plain;
	uint64_t out;
};

static void
on_close(void *arg, const char *in, const char *name, struct span text)
{
	struct reading *r = arg;

	text = str_trim(text);
	if (strcmp(name, "loc") != 0 || text.len == 0)
		return;
	if (strcmp(in, "url") == 0)
		r->map->page(r->map->arg, text);
	else if (strcmp(in, "sitemap") == 0 &&
		 (buf_add(&r->files, text.ptr, text.len) != ST_OK ||
		  buf_add_byte(&r->files, '\n') != ST_OK))
		r->map->files = SITEMAP_FILES; /* enough */
}

static enum status
plain_lines(struct reading *r, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] != '\n' && s.ptr[i] != '\r') {
			if (buf_add_byte(&r->text, s.ptr[i]) != ST_OK)
				return ST_LIMIT;
			continue;
		}
		if (r->text.len > 0)
			r->map->page(r->map->arg, buf_span(&r->text));
		buf_clear(&r->text);
	}
	return ST_OK;
}

/* Unpacked bytes of one file. */
static enum status
on_bytes(void *arg, struct span s)
{
	struct reading *r = arg;

	if (s.len > SITEMAP_BYTES - r->out)
		return ST_LIMIT;
	r->out += s.len;
	if (!r->begun && s.len > 0) {
		r->begun = true;
		r->plain = s.ptr[0] == 'h'; /* http..., and no markup */
	}
	return r->plain ? plain_lines(r, s) : xml_feed(r->xml, s, false);
}

static enum status
on_raw(struct reading *r, struct span s, bool first)
{
	if (first && s.len >= 2 && s.ptr[0] == 0x1F && s.ptr[1] == 0x8B) {
		enum status st = gunzip_open(&r->gunzip);

		if (st != ST_OK)
			return st;
	}
	return r->gunzip == NULL ? on_bytes(r, s)
				 : gunzip_feed(r->gunzip, s, on_bytes, r);
}

static void
read_body(struct reading *r, struct http_call *c)
{
	static const uint8_t line_end[] = {'\n'};
	const struct http_reply *reply;
	enum status st = http_head(c, &reply);
	uint8_t *piece = malloc(PIECE);
	bool first = true;
	size_t got = 1;

	while (piece != NULL && st == ST_OK && reply->code == 200 && got > 0) {
		st = http_read(c, piece, PIECE, &got);
		if (st == ST_OK && got > 0)
			st = on_raw(r, span_of(piece, got), first);
		first = false;
	}
	if (st == ST_OK && r->plain &&
	    plain_lines(r, span_of(line_end, 1)) != ST_OK)
		r->map->files = SITEMAP_FILES; /* enough */
	free(piece);
}

static void
read_one(struct sitemap *m, struct span url, struct buf *files)
{
	struct http_request q = {
	    .url = url, .inflate = true, .cap = SITEMAP_BYTES};
	struct reading r = {.map = m};
	const struct xml_hear hear = {.close = on_close, .arg = &r};
	struct http_call *c = NULL;

	buf_init(&r.files, INDEX_MAX);
	buf_init(&r.text, HREF_MAX);
	if (xml_open(&hear, &r.xml) == ST_OK &&
	    http_start(m->http, &q, &c) == ST_OK)
		read_body(&r, c);
	if (buf_add(files, r.files.data, r.files.len) != ST_OK)
		m->files = SITEMAP_FILES; /* enough */
	http_stop(c);
	xml_close(r.xml);
	gunzip_close(r.gunzip);
	buf_fini(&r.files);
	buf_fini(&r.text);
}

void
sitemap_read(struct sitemap *m, struct span url)
{
	struct buf files, next;
	size_t at = 0;

	buf_init(&files, 2 * INDEX_MAX);
	buf_init(&next, HREF_MAX);
	if (m->files++ < SITEMAP_FILES && m->may(m->arg, url))
		read_one(m, url, &files);
	while (at < files.len && m->files < SITEMAP_FILES) {
		struct span rest = span_of(files.data + at, files.len - at);
		struct span line = span_of(rest.ptr, str_find(rest, '\n'));

		at += line.len + 1;
		if (href_tidy(line, &next) != ST_OK ||
		    !m->may(m->arg, buf_span(&next)))
			continue;
		m->files++;
		read_one(m, buf_span(&next), &files);
	}
	buf_fini(&files);
	buf_fini(&next);
}
