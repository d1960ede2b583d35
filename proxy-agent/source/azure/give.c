#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/azure/impl.h"
#include "proxy-agent/source/bucket/store.h"
#include "source/url.h"

/* ---- names ---- */

/* Of one blob: its own parameter, which a target may have, too. */
static struct span
own_mark(const struct azure_blob *e, const char **name)
{
	*name = e->snapshot.len > 0 ? "snapshot" : "version";
	if (e->snapshot.len > 0)
		return e->snapshot;
	return e->current ? span_of(NULL, 0) : e->version;
}

static enum status
add_url(const struct source *s, const struct azure_blob *e, struct buf *to)
{
	const char *name;
	struct span mark = own_mark(e, &name);
	enum status st = azure_add_container(s, to);

	if (st == ST_OK)
		st = buf_add_byte(to, '/');
	if (st == ST_OK)
		st = href_escape(e->name, "/", to);
	if (st == ST_OK && mark.len > 0)
		st = store_param(to, e->snapshot.len > 0 ? name : "versionid",
				 mark);
	return st == ST_OK ? azure_site_sas(&s->site, to) : st;
}

static enum status
add_path(const struct source *s, const struct azure_blob *e, struct buf *to)
{
	struct store_path p = {.query = buf_span(&s->query), .key = e->name};
	bool own = s->snapshot.len > 0 || s->version.len > 0;
	struct buf root;
	enum status st;

	buf_init(&root, HREF_MAX);
	st = buf_add(&root, s->site.root.data, s->site.root.len);
	if (st == ST_OK)
		st = url_encode(buf_span(&s->container), &root);
	if (st == ST_OK)
		st = buf_add_byte(&root, '/');
	p.root = buf_span(&root);
	p.value = own_mark(e, &p.name);
	if (own)
		p.value = span_of(NULL, 0); /* it stands in the query */
	if (st == ST_OK)
		st = store_path(&p, to);
	buf_fini(&root);
	return st;
}

/* "container\nmarker of its page\nname\nversion" */
static enum status
add_cursor(const struct source *s, const struct azure_blob *e, struct buf *to)
{
	const char *name;
	const struct span parts[] = {buf_span(&s->container),
				     buf_span(&s->marker), e->name,
				     own_mark(e, &name)};
	enum status st = ST_OK;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (st == ST_OK && i > 0)
			st = buf_add_byte(to, '\n');
		if (st == ST_OK)
			st = buf_add(to, parts[i].ptr, parts[i].len);
	}
	return st;
}

/* ---- items ---- */

/* Up to where the scan goes on, which stands in the first page asked for. */
static bool
is_passed(struct source *s, const struct azure_blob *e)
{
	struct span key = buf_span(&s->after_key);
	const char *name;

	if (!s->passing)
		return false;
	if (span_eq(e->name, key) &&
	    span_eq(own_mark(e, &name), buf_span(&s->after_version))) {
		s->passing = false;
		return true;
	}
	s->passing = str_order(e->name, key) <= 0;
	return s->passing;
}

static bool
is_wanted(struct source *s, const struct azure_blob *e)
{
	struct span prefix = buf_span(&s->prefix);
	bool whole = prefix.len > 0 && span_eq(e->name, prefix);

	if (s->single && !whole)
		return false;
	if (s->snapshot.len > 0 &&
	    !(whole && span_eq(e->snapshot, buf_span(&s->snapshot))))
		return false;
	if (s->version.len > 0 &&
	    !(whole && span_eq(e->version, buf_span(&s->version))))
		return false;
	/* a prefix that is a blob means that blob alone */
	s->single = s->single || (whole && !e->folder);
	return !is_passed(s, e);
}

enum status
azure_give_blob(void *arg, const struct azure_blob *e)
{
	struct source *s = arg;
	struct bucket_entry to = {
	    .size = e->size,
	    .mtime = e->mtime,
	    .etag = e->etag,
	    .folder = e->folder,
	    .below = store_below(buf_span(&s->prefix), e->name)};
	struct buf path, url, cursor;
	enum status st;

	if (!is_wanted(s, e))
		return ST_OK;
	if (e->archived) {
		to.reason = COVER_DENIED;
		to.detail = span_str("it is in the archive tier: it has to be "
				     "rehydrated before it can be read");
	}
	buf_init(&path, 4 * KEY_MAX);
	buf_init(&url, 8 * KEY_MAX);
	buf_init(&cursor, 2 * KEY_MAX);
	st = add_path(s, e, &path);
	if (st == ST_OK)
		st = add_url(s, e, &url);
	if (st == ST_OK)
		st = add_cursor(s, e, &cursor);
	to.path = buf_span(&path);
	to.url = buf_span(&url);
	to.cursor = buf_span(&cursor);
	if (st == ST_OK)
		st = bucket_add(&s->bucket, &to);
	buf_fini(&path);
	buf_fini(&url);
	buf_fini(&cursor);
	return st;
}

enum status
azure_give_trouble(struct source *s, const struct azure_answer *got)
{
	const struct azure_blob e = {.folder = true};
	struct bucket_entry to = {
	    .folder = true,
	    .reason = got->code == 403   ? COVER_DENIED
		      : got->code == 404 ? COVER_VANISHED
					 : COVER_IO,
	    .detail = span_str(got->error[0] != 0
				   ? got->error
				   : "its list could not be read to its end"),
	};
	struct buf path, cursor;
	enum status st;

	buf_init(&path, 4 * KEY_MAX);
	buf_init(&cursor, KEY_MAX);
	st = add_path(s, &e, &path);
	if (st == ST_OK) /* behind it, before any other */
		st = buf_addf(&cursor, "%.*s\1\n", (int)s->container.len,
			      (const char *)s->container.data);
	to.path = buf_span(&path);
	to.cursor = buf_span(&cursor);
	if (st == ST_OK)
		st = bucket_add(&s->bucket, &to);
	buf_fini(&path);
	buf_fini(&cursor);
	return st;
}
