#include "fake/source_world.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "fake/fake_tls.h"
#include "model/object.h"

#define SHOWN 100 /* bytes of content */

/* The text with the port where PORT stands. */
static void
put_port(const struct source_world *w, const char *text, struct buf *to)
{
	const char *at;

	while ((at = strstr(text, "PORT")) != NULL) {
		must(buf_add(to, text, (size_t)(at - text)) == ST_OK);
		must(buf_addf(to, "%u", w->server.port) == ST_OK);
		text = at + 4;
	}
	must(buf_add_str(to, text) == ST_OK);
}

/* And the other way round. */
static void
take_port(const struct source_world *w, struct span text, struct buf *to)
{
	char port[8];
	size_t n = (size_t)snprintf(port, sizeof(port), "%u", w->server.port);

	while (text.len > 0) {
		bool is = text.len >= n && memcmp(text.ptr, port, n) == 0;

		must((is ? buf_add_str(to, "PORT")
			 : buf_add(to, text.ptr, 1)) == ST_OK);
		text = span_skip(text, is ? n : 1);
	}
}

static void
pair(struct source_world *w, uint8_t *to, size_t room, struct pairs *p,
     const char *name, const char *value)
{
	size_t n = p->bytes.len;
	struct buf text;

	buf_init(&text, 16384);
	put_port(w, value, &text);
	must(pairs_add(to, room, &n, span_str(name), buf_span(&text)) == ST_OK);
	p->bytes = span_of(to, n);
	buf_fini(&text);
}

void
source_world_option(struct source_world *w, const char *name, const char *value)
{
	pair(w, w->options, sizeof(w->options), &w->target.options, name,
	     value);
}

void
source_world_access(struct source_world *w, const char *name, const char *value)
{
	pair(w, w->access, sizeof(w->access), &w->target.access, name, value);
}

static void
begin(struct source_world *w, const struct source_ops *ops, const char *url)
{
	struct buf text;

	w->ops = ops;
	buf_init(&text, sizeof(w->url));
	put_port(w, url, &text);
	memcpy(w->url, text.data, text.len);
	w->target.path = span_of(w->url, text.len);
	buf_fini(&text);
	buf_init(&w->why, 2000);
	buf_init(&w->got, 1u << 20);
	buf_init(&w->last, 1u << 16);
	w->target.why = &w->why;
	source_world_option(w, "pause", "1ms");
	source_world_option(w, "pause_max", "2ms");
	source_world_option(w, "tries", "2");
}

void
source_world_begin(struct source_world *w, const struct source_ops *ops,
		   const struct fake_page *pages, const char *url)
{
	memset(w, 0, sizeof(*w));
	fake_http_start(&w->server, pages);
	begin(w, ops, url);
}

void
source_world_begin_tls(struct source_world *w, const struct source_ops *ops,
		       const struct fake_page *pages, const char *url)
{
	memset(w, 0, sizeof(*w));
	fake_https_start(&w->server, pages);
	begin(w, ops, url);
	source_world_access(w, "ca", fake_tls_ca(w->server.tls));
}

void
source_world_end(struct source_world *w)
{
	w->ops->close(w->source);
	fake_http_stop(&w->server);
	buf_fini(&w->why);
	buf_fini(&w->got);
	buf_fini(&w->last);
}

enum status
source_world_open(struct source_world *w)
{
	return w->ops->open(&w->target, &w->source);
}

const char *
source_world_why(struct source_world *w)
{
	must(buf_add_byte(&w->why, 0) == ST_OK);
	return (const char *)w->why.data;
}

/* What cannot be printed is a dot; long ones are cut. */
static void
put_content(struct source_world *w)
{
	size_t shown = 0, got = 1;
	uint8_t piece[4096];
	enum status st = ST_OK;

	must(buf_add_byte(&w->got, '=') == ST_OK);
	while (st == ST_OK && got > 0) {
		st = w->ops->read(w->source, piece, sizeof(piece), &got);
		for (size_t i = 0; st == ST_OK && i < got && shown < SHOWN;
		     i++, shown++)
			must(buf_add_byte(&w->got,
					  piece[i] < ' ' || piece[i] > '~'
					      ? '.'
					      : piece[i]) == ST_OK);
	}
	must(st == ST_OK || buf_add_byte(&w->got, '!') == ST_OK);
}

static void
put_item(struct source_world *w, const struct source_item *item)
{
	take_port(w, item->path, &w->got);
	if (item->reason != COVER_OK) {
		must(buf_addf(&w->got, ":%s", cover_name(item->reason)) ==
		     ST_OK);
		must(item->detail.len == 0 ||
		     buf_add_byte(&w->got, ' ') == ST_OK);
		take_port(w, item->detail, &w->got);
	} else if (item->folder) {
		must(buf_add_byte(&w->got, '/') == ST_OK);
	} else if (!w->target.count && !w->target.browse) {
		put_content(w);
	}
	must(buf_add_byte(&w->got, '\n') == ST_OK);
}

const char *
source_world_walk(struct source_world *w, size_t n)
{
	enum status st = source_world_open(w);
	struct source_item item;

	must(st != ST_OK || w->source != NULL);
	for (size_t i = 0; st == ST_OK && i < n; i++) {
		must(i < SOURCE_WORLD_MANY);
		st = w->ops->next(w->source, &item);
		if (st != ST_OK)
			break;
		put_item(w, &item);
		buf_clear(&w->last);
		must(w->ops->cursor(w->source, &w->last) == ST_OK);
	}
	must(buf_add_byte(&w->got, 0) == ST_OK);
	return (const char *)w->got.data;
}
