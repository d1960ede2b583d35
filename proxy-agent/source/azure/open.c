#include <stdlib.h>

#include "base/str.h"
#include "proxy-agent/source/azure/impl.h"
#include "proxy-agent/source/bucket/store.h"
#include "source/url.h"

static enum status
read_options(struct source *s, const struct source_target *t)
{
	const struct url *u = &s->site.url;
	enum status st = store_set(&s->query, u->query);

	if (st == ST_OK)
		st = store_flag(t, u, "snapshots", &s->snapshots);
	if (st == ST_OK)
		st = store_flag(t, u, "versions", &s->versions);
	if (st == ST_OK)
		st = store_option(t, u, "snapshot", &s->snapshot);
	if (st == ST_OK)
		st = store_option(t, u, "version", &s->version);
	if (st == ST_OK)
		st = store_option(t, u, "page", &s->size);
	s->snapshots = s->snapshots || s->snapshot.len > 0;
	s->versions = s->versions || s->version.len > 0;
	return st;
}

static enum status
read_place(struct source *s)
{
	struct span rest = {0};
	enum status st = azure_site_thing(&s->site, &s->container, &rest);

	if (st == ST_OK)
		st = url_decode(rest, &s->prefix);
	s->one = s->ended = s->container.len > 0;
	s->listing = s->one;
	return st;
}

static enum status
read_cursor(struct source *s, struct span cursor)
{
	struct buf *const parts[] = {&s->after_container, &s->marker,
				     &s->after_key, &s->after_version};
	enum status st = ST_OK;
	struct span part;

	for (size_t i = 0; i < 4 && st == ST_OK; i++)
		if (str_next(&cursor, '\n', &part))
			st = store_set(parts[i], part);
	s->passing = s->one && s->after_key.len > 0;
	return st;
}

static enum status
sign(void *arg, const struct http_request *r, struct http_lines *to)
{
	struct source *s = arg;

	return azure_site_sign(&s->site, r, to);
}

static enum status
begin(struct source *s, const struct source_target *t)
{
	const struct bucket_ops ops = {
	    .list = azure_list,
	    .sign = sign,
	    .error_header = "x-ms-error-code",
	    .arg = s,
	};
	struct azure_answer got = {0};
	enum status st = store_bucket(t, s->site.http, &ops, &s->bucket);

	if (st != ST_OK)
		return st;
	st = azure_step(s, &got);
	if (st != ST_OK)
		azure_site_why(&s->site, t, &got);
	return st == ST_EOF ? ST_OK : st;
}

static void
each_buf(struct source *s, void (*what)(struct buf *b))
{
	struct buf *const all[] = {&s->size,
				   &s->prefix,
				   &s->query,
				   &s->container,
				   &s->marker,
				   &s->containers,
				   &s->containers_marker,
				   &s->snapshot,
				   &s->version,
				   &s->after_key,
				   &s->after_container,
				   &s->after_version};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		what(all[i]);
}

static void
init_one(struct buf *b)
{
	buf_init(b, 1u << 20);
}

void
azure_close(struct source *s)
{
	if (s == NULL)
		return;
	bucket_close(&s->bucket);
	azure_site_close(&s->site);
	azure_page_fini(&s->page);
	turns_fini(&s->blob_turns);
	turns_fini(&s->container_turns);
	each_buf(s, buf_fini);
	free(s);
}

enum status
azure_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	each_buf(s, init_one);
	turns_init(&s->blob_turns);
	turns_init(&s->container_turns);
	azure_page_init(&s->page);
	s->browse = t->browse;
	st = azure_site_open(&s->site, t, "blob");
	if (st == ST_OK)
		st = read_options(s, t);
	if (st == ST_OK)
		st = read_place(s);
	if (st == ST_OK)
		st = read_cursor(s, t->cursor);
	if (st == ST_OK)
		st = begin(s, t);
	if (st != ST_OK)
		azure_close(s);
	else
		*out = s;
	return st;
}
