#include "proxy-agent/source/s3/s3.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/bucket/bucket.h"
#include "proxy-agent/source/bucket/store.h"
#include "proxy-agent/source/http_target.h"
#include "proxy-agent/source/s3/list.h"
#include "proxy-agent/source/s3/refusal.h"
#include "proxy-agent/source/s3/site.h"
#include "proxy-agent/source/turns.h"
#include "source/url.h"

#define LIST_MAX (32u << 20) /* bytes of one page of a list */

struct source {
	struct s3_site site;
	struct bucket bucket;
	struct buf prefix, query, root;
	struct buf version; /* of the one object that is asked for */
	struct buf after, after_version; /* go on behind; start of next page */
	struct buf token;                /* of the next page */
	struct turns turns;
	bool versions, browse, single;
	bool begun, more;
};

/* ---- addresses ---- */

static enum status
add_list_params(const struct source *s, struct buf *to)
{
	enum status st = ST_OK;

	if (s->versions) {
		st = buf_add_str(to, "?versions=");
		if (st == ST_OK && s->after.len > 0)
			st = store_param(to, "key-marker", buf_span(&s->after));
		if (st == ST_OK && s->after_version.len > 0)
			st = store_param(to, "version-id-marker",
					 buf_span(&s->after_version));
	} else {
		st = store_param(to, "list-type", span_str("2"));
		if (st == ST_OK && s->token.len > 0)
			st = store_param(to, "continuation-token",
					 buf_span(&s->token));
		else if (st == ST_OK && s->after.len > 0)
			st =
			    store_param(to, "start-after", buf_span(&s->after));
	}
	if (st == ST_OK)
		st = store_param(to, "encoding-type", span_str("url"));
	if (st == ST_OK && s->browse)
		st = store_param(to, "delimiter", span_str("/"));
	if (st == ST_OK && s->prefix.len > 0)
		st = store_param(to, "prefix", buf_span(&s->prefix));
	return st;
}

static enum status
list_url(const struct source *s, struct buf *to)
{
	enum status st = s3_site_add(&s->site, to);

	if (st == ST_OK)
		st = buf_add_byte(to, '/');
	return st == ST_OK ? add_list_params(s, to) : st;
}

static enum status
add_path(const struct source *s, struct span key, struct span version,
	 struct buf *to)
{
	const struct store_path p = {
	    .root = buf_span(&s->root),
	    .key = key,
	    .query = buf_span(&s->query),
	    .name = "version",
	    .value = s->version.len == 0 ? version : span_of(NULL, 0),
	};

	return store_path(&p, to);
}

static enum status
add_get(const struct source *s, struct span key, struct span version,
	struct buf *to)
{
	enum status st = s3_site_add(&s->site, to);

	if (st == ST_OK)
		st = buf_add_byte(to, '/');
	if (st == ST_OK)
		st = href_escape(key, "/", to);
	if (st == ST_OK && version.len > 0)
		st = store_param(to, "versionId", version);
	return st;
}

/*
 * What names a version when the list is to go on behind it. Swift takes "null",
 * which comes before the others of its key, for the end of all versions; theirs
 * are times, of which the newest comes first.
 */
static struct span
marker(const struct source *s, struct span version)
{
	return s->site.swift && str_is(version, "null")
		   ? span_str("9999999999.99999")
		   : version;
}

static enum status
add_cursor(struct span key, struct span version, struct buf *to)
{
	enum status st = buf_add(to, key.ptr, key.len);

	if (st == ST_OK && version.len > 0) {
		st = buf_add_byte(to, '\n');
		if (st == ST_OK)
			st = buf_add(to, version.ptr, version.len);
	}
	return st;
}

/* ---- objects ---- */

static bool
is_wanted(struct source *s, const struct s3_entry *o)
{
	struct span prefix = buf_span(&s->prefix);

	if (o->folder)
		return true;
	if (s->single)
		return false;
	if (o->deleted || (o->size == 0 && str_ends(o->key, "/")))
		return false; /* no object, or what stands for a folder */
	if (s->version.len > 0 && !(span_eq(o->key, prefix) &&
				    span_eq(o->version, buf_span(&s->version))))
		return false;
	/* a prefix that is an object means that object alone */
	if (prefix.len > 0 && span_eq(o->key, prefix) && !s->versions)
		s->single = true;
	return true;
}

static enum status
take_object(void *arg, const struct s3_entry *o)
{
	struct source *s = arg;
	struct bucket_entry e = {.size = o->size,
				 .mtime = o->mtime,
				 .etag = o->etag,
				 .folder = o->folder};
	struct span version = s->versions ? o->version : span_of(NULL, 0);
	struct buf path, url, cursor;
	enum status st;

	if (!is_wanted(s, o))
		return ST_OK;
	buf_init(&path, 4 * S3_KEY_MAX);
	buf_init(&url, 4 * S3_KEY_MAX);
	buf_init(&cursor, 2 * S3_KEY_MAX);
	if (o->archived) {
		e.reason = COVER_DENIED;
		e.detail = span_str("it is archived: it has to be restored "
				    "before it can be read");
	}
	st = add_path(s, o->key, version, &path);
	if (st == ST_OK)
		st = add_get(s, o->key, version, &url);
	if (st == ST_OK)
		st = add_cursor(o->key, marker(s, version), &cursor);
	if (st == ST_OK) {
		e.path = buf_span(&path);
		e.url = buf_span(&url);
		e.cursor = buf_span(&cursor);
		e.below = store_below(buf_span(&s->prefix), o->key);
		st = bucket_add(&s->bucket, &e);
	}
	buf_fini(&path);
	buf_fini(&url);
	buf_fini(&cursor);
	return st;
}

/* ---- pages ---- */

/* A page of versions is named by two texts. */
static enum status
turn_version(struct source *s, size_t count)
{
	enum status st = store_set(&s->token, buf_span(&s->after));

	if (st == ST_OK)
		st = buf_add_byte(&s->token, '\n');
	if (st == ST_OK)
		st = buf_add(&s->token, s->after_version.data,
			     s->after_version.len);
	return st == ST_OK ? turns_take(&s->turns, count, buf_span(&s->token))
			   : st;
}

/* Where the next page begins. */
static enum status
turn(struct source *s, const struct s3_page *p)
{
	enum status st = ST_OK;

	s->more = p->truncated && !s->single;
	if (!s->more)
		return ST_OK;
	if (!s->versions)
		return s->token.len > 0 ? turns_take(&s->turns, p->count,
						     buf_span(&s->token))
					: ST_MALFORMED;
	if (p->next_key.len == 0)
		return ST_MALFORMED;
	st = store_set(&s->after, buf_span(&p->next_key));
	if (st == ST_OK)
		st = store_set(&s->after_version,
			       marker(s, buf_span(&p->next_version)));
	return st == ST_OK ? turn_version(s, p->count) : st;
}

static enum status
read_page(struct source *s, struct s3_page *p, struct span body)
{
	enum status st = s3_page_read(p, body, take_object, s);

	if (st == ST_OK)
		st = store_set(&s->token, buf_span(&p->token));
	return st == ST_OK ? turn(s, p) : st;
}

/* The page at hand, as it is answered. */
static enum status
fetch(struct source *s, struct buf *body, struct buf *region, unsigned *code)
{
	struct buf url;
	enum status st;

	buf_clear(body);
	buf_init(&url, 4 * S3_KEY_MAX);
	st = list_url(s, &url);
	if (st == ST_OK)
		st =
		    s3_site_fetch(&s->site, buf_span(&url), body, region, code);
	buf_fini(&url);
	return st;
}

static enum status
list_page(struct source *s, struct s3_page *p, unsigned *code)
{
	struct buf body, region;
	struct span there;
	enum status st;

	buf_init(&body, LIST_MAX);
	buf_init(&region, S3_KEY_MAX);
	for (unsigned times = 0; times < 2; times++) {
		st = fetch(s, &body, &region, code);
		if (st != ST_OK || *code == 200)
			break;
		there = buf_span(&region);
		if (s3_page_error(p, buf_span(&body)) == ST_OK &&
		    there.len == 0)
			there = buf_span(&p->region);
		st = http_code(*code);
		if (!s3_site_move(&s->site, *code, there))
			break;
		st = ST_OK;
	}
	if (st == ST_OK && *code == 200)
		st = read_page(s, p, buf_span(&body));
	else if (s3_refusal_over(buf_span(&p->code)) != NULL)
		st = ST_DENIED;
	buf_fini(&body);
	buf_fini(&region);
	return st;
}

static enum status
s3_list(void *arg, struct bucket *b)
{
	struct source *s = arg;
	unsigned code = 0;
	struct s3_page p;
	enum status st;

	if (s->begun && !s->more)
		return ST_EOF;
	s3_page_init(&p);
	st = list_page(s, &p, &code);
	s->begun = true;
	if (st != ST_OK)
		b->over = s3_refusal_over(buf_span(&p.code));
	s3_page_fini(&p);
	return st;
}

/* ---- beginning ---- */

static enum status
read_target(struct source *s, const struct source_target *t, struct url *u)
{
	enum status st = url_parse(t->path, u);

	if (st != ST_OK || u->host.len == 0) {
		target_why(t, "the target is not written as "
			      "s3://BUCKET/PREFIX?endpoint=URL&region=NAME");
		return ST_USAGE;
	}
	st = url_decode(span_skip(u->path, 1), &s->prefix);
	if (st == ST_OK)
		st = store_option(t, u, "version", &s->version);
	if (st == ST_OK)
		st = store_flag(t, u, "versions", &s->versions);
	s->versions = s->versions || s->version.len > 0;
	if (st == ST_OK)
		st = store_set(&s->query, u->query);
	return st == ST_OK ? buf_addf(&s->root, "s3://%.*s/", (int)u->host.len,
				      (const char *)u->host.ptr)
			   : st;
}

/* "key" or "key\nversion" */
static enum status
set_after(struct source *s, struct span cursor)
{
	size_t n = s->versions ? str_find(cursor, '\n') : cursor.len;
	enum status st = store_set(&s->after, span_of(cursor.ptr, n));

	return st == ST_OK
		   ? store_set(&s->after_version, span_skip(cursor, n + 1))
		   : st;
}

static void
say_why(const struct source *s, const struct source_target *t, unsigned code,
	const struct s3_page *p)
{
	static const struct {
		unsigned code;
		const char *why;
	} troubles[] = {
	    {301, "the bucket lies in another region: name it as region"},
	    {400, "the store did not understand: is the region right?"},
	    {401, "the store refused this access key"},
	    {403, "the store refused: the secret key is wrong, or the key may "
		  "not list this bucket"},
	    {404, "the store has no such bucket"},
	};
	const char *over = s3_refusal_over(buf_span(&p->code));

	if (http_why(s->site.http)[0] == 0 && code >= 300)
		target_why(t, "the store answered %u", code);
	else
		target_why(t, "%s",
			   http_why(s->site.http)[0] != 0
			       ? http_why(s->site.http)
			       : "what answers is no store like S3");
	if (over != NULL)
		target_why(t, "%s", over);
	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++)
		if (troubles[i].code == code && over == NULL)
			target_why(t, "%s (%.*s)", troubles[i].why,
				   (int)p->code.len,
				   (const char *)p->code.data);
}

static enum status
sign(void *arg, const struct http_request *r, struct http_lines *to)
{
	struct source *s = arg;

	return s3_site_sign(&s->site, r, to);
}

static enum status
begin(struct source *s, const struct source_target *t)
{
	const struct bucket_ops ops = {
	    .list = s3_list, .sign = sign, .over = s3_refusal_read, .arg = s};
	enum status st = store_bucket(t, s->site.http, &ops, &s->bucket);
	struct s3_page p;
	unsigned code = 0;

	if (st != ST_OK)
		return st;
	s3_page_init(&p);
	st = list_page(s, &p, &code);
	s->begun = true;
	if (st != ST_OK)
		say_why(s, t, code, &p);
	s3_page_fini(&p);
	return st;
}

static void
each_buf(struct source *s, void (*what)(struct buf *b))
{
	struct buf *const all[] = {&s->prefix,  &s->query, &s->root,
				   &s->version, &s->after, &s->after_version,
				   &s->token};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		what(all[i]);
}

static void
init_one(struct buf *b)
{
	buf_init(b, HREF_MAX);
}

static void
s3_close(struct source *s)
{
	if (s == NULL)
		return;
	bucket_close(&s->bucket);
	s3_site_close(&s->site);
	turns_fini(&s->turns);
	each_buf(s, buf_fini);
	free(s);
}

static enum status
s3_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	struct url u;
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	each_buf(s, init_one);
	turns_init(&s->turns);
	s->browse = t->browse;
	st = read_target(s, t, &u);
	if (st == ST_OK)
		st = set_after(s, t->cursor);
	if (st == ST_OK)
		st = s3_site_open(&s->site, t, &u);
	if (st == ST_OK)
		st = begin(s, t);
	if (st != ST_OK)
		s3_close(s);
	else
		*out = s;
	return st;
}

static enum status
s3_next(struct source *s, struct source_item *item)
{
	return bucket_next(&s->bucket, buf_span(&s->root), item);
}

static enum status
s3_read(struct source *s, void *dst, size_t n, size_t *got)
{
	return bucket_read(&s->bucket, dst, n, got);
}

static enum status
s3_cursor(const struct source *s, struct buf *to)
{
	return bucket_cursor(&s->bucket, to);
}

const struct source_ops s3_source = {
    .scheme = "s3",
    .open = s3_open,
    .next = s3_next,
    .read = s3_read,
    .cursor = s3_cursor,
    .close = s3_close,
};
