#include "proxy-agent/source/azure.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/azure_blobs.h"
#include "proxy-agent/source/azure_site.h"
#include "proxy-agent/source/bucket.h"
#include "proxy-agent/source/http_target.h"
#include "proxy-agent/source/store.h"

#define NAME_MAX_ 1024
#define KEY_MAX   4096

struct source {
	struct azure_site site;
	struct bucket bucket;
	struct azure_page page;
	struct buf prefix, query, container, size; /* size: of a page */
	struct buf marker;     /* of the page of blobs at hand */
	struct buf containers; /* names, each with a NUL behind */
	size_t containers_at;
	struct buf containers_marker; /* of their next page */
	struct buf snapshot, version; /* of the one that is asked for */
	/* Go on behind: */
	struct buf after_container, after_key, after_version;
	bool snapshots, versions, browse, single, passing;
	bool one;     /* container only: the target names it */
	bool listing; /* blobs of `container`; else containers */
	bool ended;   /* no more containers */
};

/* ---- addresses ---- */

static enum status
add_includes(const struct source *s, struct buf *to)
{
	if (s->snapshots && s->versions)
		return store_param(to, "include",
				   span_str("snapshots,versions"));
	if (s->snapshots)
		return store_param(to, "include", span_str("snapshots"));
	return s->versions ? store_param(to, "include", span_str("versions"))
			   : ST_OK;
}

static enum status
add_container(const struct source *s, struct buf *to)
{
	enum status st =
	    buf_add(to, s->site.endpoint.data, s->site.endpoint.len);

	if (st == ST_OK)
		st = buf_add_byte(to, '/');
	return st == ST_OK ? href_escape(buf_span(&s->container), "$", to) : st;
}

static enum status
blobs_url(const struct source *s, struct buf *to)
{
	enum status st = add_container(s, to);

	if (st == ST_OK)
		st = buf_add_str(to, "?restype=container&comp=list");
	if (st == ST_OK && s->prefix.len > 0)
		st = store_param(to, "prefix", buf_span(&s->prefix));
	if (st == ST_OK && s->browse)
		st = store_param(to, "delimiter", span_str("/"));
	if (st == ST_OK)
		st = add_includes(s, to);
	if (st == ST_OK && s->size.len > 0)
		st = store_param(to, "maxresults", buf_span(&s->size));
	if (st == ST_OK && s->marker.len > 0)
		st = store_param(to, "marker", buf_span(&s->marker));
	return st == ST_OK ? azure_site_sas(&s->site, to) : st;
}

static enum status
containers_url(const struct source *s, struct buf *to)
{
	enum status st =
	    buf_add(to, s->site.endpoint.data, s->site.endpoint.len);

	if (st == ST_OK)
		st = buf_add_str(to, "/?comp=list");
	if (st == ST_OK && s->containers_marker.len > 0)
		st = store_param(to, "marker", buf_span(&s->containers_marker));
	return st == ST_OK ? azure_site_sas(&s->site, to) : st;
}

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
	enum status st = add_container(s, to);

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

/* ---- blobs ---- */

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

static enum status
take_blob(void *arg, const struct azure_blob *e)
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

static enum status
take_container(void *arg, const struct azure_blob *e)
{
	struct source *s = arg;
	struct span after = buf_span(&s->after_container);
	enum status st;

	if (after.len > 0 && str_order(e->name, after) < 0)
		return ST_OK;
	if (s->browse) {
		const struct azure_blob folder = {.folder = true};

		st = store_set(&s->container, e->name);
		return st == ST_OK ? take_blob(s, &folder) : st;
	}
	st = buf_add(&s->containers, e->name.ptr, e->name.len);
	return st == ST_OK ? buf_add_byte(&s->containers, 0) : st;
}

/* ---- pages ---- */

/* The page at that address, and where the next one begins. */
static enum status
read_page(struct source *s,
	  enum status (*make)(const struct source *s, struct buf *to),
	  enum status (*take)(void *arg, const struct azure_blob *e),
	  struct buf *next, struct azure_answer *got)
{
	struct buf url;
	enum status st;

	buf_init(&url, 4 * KEY_MAX);
	azure_answer_init(got);
	st = make(s, &url);
	if (st == ST_OK)
		st = azure_site_ask(&s->site, buf_span(&url), got);
	if (st == ST_OK)
		st = azure_page_read(&s->page, buf_span(&got->body), take, s);
	if (st == ST_OK)
		st = store_set(next, buf_span(&s->page.next));
	buf_fini(&url);
	buf_fini(&got->body);
	return st;
}

static enum status
list_blobs(struct source *s, struct azure_answer *got)
{
	struct buf next;
	enum status st;

	buf_init(&next, KEY_MAX);
	st = read_page(s, blobs_url, take_blob, &next, got);
	s->passing = false;
	if (st == ST_OK)
		st = store_set(&s->marker, buf_span(&next));
	s->listing = st == ST_OK && next.len > 0 && !s->single;
	buf_fini(&next);
	return st;
}

static enum status
list_containers(struct source *s, struct azure_answer *got)
{
	enum status st;

	buf_clear(&s->containers);
	s->containers_at = 0;
	st = read_page(s, containers_url, take_container, &s->containers_marker,
		       got);
	s->ended = st != ST_OK || s->containers_marker.len == 0;
	return st;
}

/* Where the scan goes on within it, when it is the one. */
static enum status
begin_container(struct source *s, struct span name)
{
	bool same = span_eq(name, buf_span(&s->after_container));
	enum status st = store_set(&s->container, name);

	s->listing = true;
	s->passing = same && s->after_key.len > 0;
	if (st == ST_OK && !s->passing)
		buf_clear(&s->marker); /* else it was the cursor's */
	return st;
}

static enum status
next_container(struct source *s)
{
	const char *name = (const char *)s->containers.data + s->containers_at;
	enum status st = begin_container(s, span_str(name));

	s->containers_at += strlen(name) + 1;
	return st;
}

/* One container of several that may not be listed: its own item. */
static enum status
give_trouble(struct source *s, const struct azure_answer *got)
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

static enum status
step(struct source *s, struct azure_answer *got)
{
	enum status st;

	if (s->listing) {
		st = list_blobs(s, got);
		if (st != ST_OK && !s->one && st != ST_NOMEM && got->code != 0)
			st = give_trouble(s, got);
		return st;
	}
	if (s->containers_at < s->containers.len)
		return next_container(s);
	return s->ended ? ST_EOF : list_containers(s, got);
}

static enum status
azure_list(void *arg, struct bucket *b)
{
	struct azure_answer got = {0};
	struct source *s = arg;
	enum status st = ST_OK;

	while (st == ST_OK && b->count == 0)
		st = step(s, &got);
	return st;
}

/* ---- beginning ---- */

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
	st = step(s, &got);
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

static void
azure_close(struct source *s)
{
	if (s == NULL)
		return;
	bucket_close(&s->bucket);
	azure_site_close(&s->site);
	azure_page_fini(&s->page);
	each_buf(s, buf_fini);
	free(s);
}

static enum status
azure_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	each_buf(s, init_one);
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

static enum status
azure_next(struct source *s, struct source_item *item)
{
	return bucket_next(&s->bucket, buf_span(&s->site.root), item);
}

static enum status
azure_read(struct source *s, void *dst, size_t n, size_t *got)
{
	return bucket_read(&s->bucket, dst, n, got);
}

static enum status
azure_cursor(const struct source *s, struct buf *to)
{
	return bucket_cursor(&s->bucket, to);
}

const struct source_ops azure_source = {
    .scheme = "azure",
    .open = azure_open,
    .next = azure_next,
    .read = azure_read,
    .cursor = azure_cursor,
    .close = azure_close,
};
