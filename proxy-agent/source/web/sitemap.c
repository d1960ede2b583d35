#include "proxy-agent/source/web/sitemap.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/web/sitemap_text.h"

#define PIECE     (64 * 1024)
#define INDEX_MAX (4u << 20) /* bytes of addresses of further files */

struct reading {
	struct sitemap *map;
	struct buf files; /* further ones, each ends with a line end */
};

static void
on_page(void *arg, struct span url)
{
	struct reading *r = arg;

	r->map->page(r->map->arg, url);
}

static void
on_file(void *arg, struct span url)
{
	struct reading *r = arg;

	if (buf_add(&r->files, url.ptr, url.len) != ST_OK ||
	    buf_add_byte(&r->files, '\n') != ST_OK)
		r->map->files = SITEMAP_FILES; /* enough */
}

static void
read_body(struct sitemap_text *t, struct http_call *c)
{
	const struct http_reply *reply;
	enum status st = http_head(c, &reply);
	uint8_t *piece = malloc(PIECE);
	size_t got = 1;

	while (piece != NULL && st == ST_OK && reply->code == 200 && got > 0) {
		st = http_read(c, piece, PIECE, &got);
		if (st == ST_OK)
			st =
			    sitemap_text_feed(t, span_of(piece, got), got == 0);
	}
	free(piece);
}

static void
read_one(struct sitemap *m, struct span url, struct buf *files)
{
	struct http_request q = {
	    .url = url, .inflate = true, .cap = SITEMAP_BYTES};
	struct reading r = {.map = m};
	const struct sitemap_hear hear = {
	    .page = on_page, .file = on_file, .arg = &r};
	struct sitemap_text *t = NULL;
	struct http_call *c = NULL;

	buf_init(&r.files, INDEX_MAX);
	if (sitemap_text_open(&hear, &t) == ST_OK &&
	    http_start(m->http, &q, &c) == ST_OK)
		read_body(t, c);
	if (buf_add(files, r.files.data, r.files.len) != ST_OK)
		m->files = SITEMAP_FILES; /* enough */
	http_stop(c);
	sitemap_text_close(t);
	buf_fini(&r.files);
}

/* Whether it is the first time; an index may name itself. */
static bool
is_new(struct buf *seen, struct span url)
{
	struct span rest = buf_span(seen), line;

	while (str_next(&rest, '\n', &line))
		if (span_eq(line, url))
			return false;
	if (buf_add(seen, url.ptr, url.len) != ST_OK ||
	    buf_add_byte(seen, '\n') != ST_OK)
		return false;
	return true;
}

static void
read_new(struct sitemap *m, struct span url, struct buf *seen,
	 struct buf *files)
{
	if (!m->may(m->arg, url) || !is_new(seen, url))
		return;
	m->files++;
	read_one(m, url, files);
}

void
sitemap_read(struct sitemap *m, struct span url)
{
	struct buf files, seen, next;
	size_t at = 0;

	buf_init(&files, 2 * INDEX_MAX);
	buf_init(&seen, SITEMAP_FILES * (HREF_MAX + 1));
	buf_init(&next, HREF_MAX);
	if (m->files < SITEMAP_FILES)
		read_new(m, url, &seen, &files);
	while (at < files.len && m->files < SITEMAP_FILES) {
		struct span rest = span_of(files.data + at, files.len - at);
		struct span line = span_of(rest.ptr, str_find(rest, '\n'));

		at += line.len + 1;
		if (href_tidy(line, &next) == ST_OK)
			read_new(m, buf_span(&next), &seen, &files);
	}
	buf_fini(&files);
	buf_fini(&seen);
	buf_fini(&next);
}
