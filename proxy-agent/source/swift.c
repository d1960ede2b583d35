#include "proxy-agent/source/swift.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/bucket.h"
#include "proxy-agent/source/http_target.h"
#include "proxy-agent/source/store.h"
#include "proxy-agent/source/swift_list.h"
#include "proxy-agent/source/swift_login.h"
#include "proxy-agent/source/swift_parts.h"

#define KEY_MAX  SWIFT_NAME_MAX
#define LIST_MAX (32u << 20) /* bytes of one page of a list */

struct source {
	struct swift_login login;
	struct bucket bucket;
	struct swift_parts parts;
	struct swift_page page; /* the last that was read */
	struct url url;
	struct buf container, prefix, query, size;
	struct buf marker;     /* the last name of the page before */
	struct buf containers; /* names, each with a NUL behind */
	size_t containers_at;
	const char *lost; /* containers without a usable name; or NULL */
	struct buf after_container, after; /* go on behind */
	bool one, browse, single, listing;
	bool told; /* of the container: its list has what is no object */
};

typedef enum status take_entry(void *arg, const struct swift_entry *o);

/* ---- addresses ---- */

static enum status
add_place(const struct source *s, struct span name, struct buf *to)
{
	enum status st =
	    buf_add(to, s->login.storage.data, s->login.storage.len);

	if (st == ST_OK)
		st = buf_add_byte(to, '/');
	if (st == ST_OK)
		st = href_escape(buf_span(&s->container), "", to);
	if (st == ST_OK && name.len > 0)
		st = buf_add_byte(to, '/');
	return st == ST_OK ? href_escape(name, "/", to) : st;
}

static enum status
add_param(struct buf *to, const char *name, const struct buf *value)
{
	return value->len == 0 ? ST_OK : store_param(to, name, buf_span(value));
}

static enum status
objects_url(const struct source *s, struct buf *to)
{
	enum status st = add_place(s, span_of(NULL, 0), to);

	if (st == ST_OK)
		st = buf_add_str(to, "?format=json");
	if (st == ST_OK)
		st = add_param(to, "limit", &s->size);
	if (st == ST_OK)
		st = add_param(to, "marker", &s->marker);
	if (st == ST_OK)
		st = add_param(to, "prefix", &s->prefix);
	if (st == ST_OK && s->browse)
		st = store_param(to, "delimiter", span_str("/"));
	return st;
}

static enum status
add_path(const struct source *s, struct span name, struct buf *to)
{
	struct store_path p = {.key = name, .query = buf_span(&s->query)};
	struct buf root;
	enum status st;

	buf_init(&root, KEY_MAX);
	st = buf_add_str(&root, "swift://");
	if (st == ST_OK)
		st = url_encode(buf_span(&s->container), &root);
	if (st == ST_OK)
		st = buf_add_byte(&root, '/');
	p.root = buf_span(&root);
	if (st == ST_OK)
		st = store_path(&p, to);
	buf_fini(&root);
	return st;
}

/* ---- questions ---- */

/* With a new token, once, when the old one ran out. */
static enum status
ask(struct source *s, struct span url, struct buf *body, unsigned *code)
{
	const struct http_request r = {.url = url,
				       .sign = swift_login_sign,
				       .arg = &s->login,
				       .cap = LIST_MAX};
	enum status st = http_fetch(s->login.http, &r, body, code);

	if (st == ST_OK && *code == 401 &&
	    swift_login_renew(&s->login) == ST_OK) {
		buf_clear(body);
		st = http_fetch(s->login.http, &r, body, code);
	}
	return st == ST_OK ? http_code(*code) : st;
}

/* A list, element by element; `marker` as swift_list_read() has it. */
static enum status
ask_list(struct source *s, struct span url, struct buf *marker,
	 take_entry *take, unsigned *code)
{
	struct buf body;
	enum status st;

	s->page = (struct swift_page){0};
	buf_init(&body, LIST_MAX);
	st = ask(s, url, &body, code);
	if (st == ST_OK)
		st =
		    swift_list_read(buf_span(&body), marker, &s->page, take, s);
	buf_fini(&body);
	return st;
}

/* ---- large objects ---- */

static enum status
note_segment(void *arg, const struct swift_entry *o)
{
	struct source *s = arg;

	return o->name.len > 1
		   ? swift_parts_add(&s->parts, span_skip(o->name, 1))
		   : ST_OK;
}

static enum status
note_manifest(struct source *s, const struct swift_entry *o)
{
	unsigned code = 0;
	enum status st;
	struct buf url;

	buf_init(&url, 4 * KEY_MAX);
	st = add_place(s, o->name, &url);
	if (st == ST_OK)
		st = buf_add_str(&url, "?multipart-manifest=get");
	if (st == ST_OK)
		st = ask_list(s, buf_span(&url), NULL, note_segment, &code);
	buf_fini(&url);
	/* one that cannot be looked into is no reason to stop */
	return st == ST_NOMEM || st == ST_LIMIT ? st : ST_OK;
}

static enum status
note_prefix(struct source *s, const struct swift_entry *o)
{
	struct http_request r = {
	    .method = "HEAD", .sign = swift_login_sign, .arg = &s->login};
	const struct http_reply *reply;
	struct http_call *c = NULL;
	struct buf url, prefix;
	enum status st;

	buf_init(&url, 4 * KEY_MAX);
	buf_init(&prefix, KEY_MAX);
	st = add_place(s, o->name, &url);
	r.url = buf_span(&url);
	if (st == ST_OK)
		st = http_start(s->login.http, &r, &c);
	if (st == ST_OK)
		st = http_head(c, &reply);
	if (st == ST_OK)
		st =
		    href_unescape(http_header(c, "x-object-manifest"), &prefix);
	if (st == ST_OK && prefix.len > 0)
		st = swift_parts_prefix(&s->parts, buf_span(&prefix));
	http_stop(c);
	buf_fini(&url);
	buf_fini(&prefix);
	return st == ST_NOMEM || st == ST_LIMIT ? st : ST_OK;
}

static enum status
survey_object(void *arg, const struct swift_entry *o)
{
	struct source *s = arg;

	if (o->folder || o->marks)
		return ST_OK;
	if (o->manifest)
		return note_manifest(s, o);
	return o->size == 0 ? note_prefix(s, o) : ST_OK;
}

/* ---- objects ---- */

static bool
is_segment(struct source *s, struct span name)
{
	struct buf whole;
	bool is;

	buf_init(&whole, 2 * KEY_MAX);
	is = buf_add(&whole, s->container.data, s->container.len) == ST_OK &&
	     buf_add_byte(&whole, '/') == ST_OK &&
	     buf_add(&whole, name.ptr, name.len) == ST_OK &&
	     swift_parts_has(&s->parts, buf_span(&whole));
	buf_fini(&whole);
	return is;
}

static enum status
add_cursor(const struct source *s, struct span name, struct buf *to)
{
	enum status st = buf_add(to, s->container.data, s->container.len);

	if (st == ST_OK)
		st = buf_add_byte(to, '\n');
	return st == ST_OK ? buf_add(to, name.ptr, name.len) : st;
}

static enum status
give(struct source *s, struct bucket_entry *e, struct span name)
{
	struct buf path, url, cursor;
	enum status st;

	buf_init(&path, 4 * KEY_MAX);
	buf_init(&url, 4 * KEY_MAX);
	buf_init(&cursor, 2 * KEY_MAX);
	st = add_path(s, name, &path);
	if (st == ST_OK)
		st = add_place(s, name, &url);
	if (st == ST_OK)
		st = add_cursor(s, name, &cursor);
	e->path = buf_span(&path);
	e->url = buf_span(&url);
	e->cursor = buf_span(&cursor);
	if (st == ST_OK)
		st = bucket_add(&s->bucket, e);
	buf_fini(&path);
	buf_fini(&url);
	buf_fini(&cursor);
	return st;
}

static enum status
give_object(void *arg, const struct swift_entry *o)
{
	struct source *s = arg;
	struct span prefix = buf_span(&s->prefix);
	/* what is empty may stand for segments, and tells no version */
	struct bucket_entry e = {
	    .size = o->size,
	    .mtime = o->size > 0 ? o->mtime : 0,
	    .etag = o->size > 0 ? o->hash : span_of(NULL, 0),
	    .folder = o->folder,
	    .unsure = true,
	    .below = store_below(buf_span(&s->prefix), o->name)};

	if (o->marks || s->single || is_segment(s, o->name))
		return ST_OK;
	/* a prefix that is an object means that object alone */
	s->single = prefix.len > 0 && !o->folder && span_eq(o->name, prefix);
	return give(s, &e, o->name);
}

/* One page of the container at hand; ST_EOF behind the last. */
static enum status
read_page(struct source *s, take_entry *take, unsigned *code)
{
	struct buf url;
	enum status st;

	buf_init(&url, 8 * KEY_MAX);
	st = objects_url(s, &url);
	if (st == ST_OK)
		st = ask_list(s, buf_span(&url), &s->marker, take, code);
	buf_fini(&url);
	return st == ST_OK && s->page.count == 0 ? ST_EOF : st;
}

/* ---- containers ---- */

static enum status
note_container(void *arg, const struct swift_entry *o)
{
	struct source *s = arg;
	enum status st = buf_add(&s->containers, o->name.ptr, o->name.len);

	return st == ST_OK ? buf_add_byte(&s->containers, 0) : st;
}

static enum status
list_containers(struct source *s, unsigned *code)
{
	enum status st = ST_OK;
	struct buf url, marker;

	buf_init(&url, 8 * KEY_MAX);
	buf_init(&marker, KEY_MAX);
	do {
		buf_clear(&url);
		st = buf_addf(&url, "%.*s?format=json",
			      (int)s->login.storage.len,
			      (const char *)s->login.storage.data);
		if (st == ST_OK)
			st = add_param(&url, "marker", &marker);
		if (st == ST_OK)
			st = ask_list(s, buf_span(&url), &marker,
				      note_container, code);
		if (s->page.bad > 0)
			s->lost = s->page.why;
	} while (st == ST_OK && s->page.count > 0);
	buf_fini(&url);
	buf_fini(&marker);
	return st;
}

/* The next of them into s->container; ST_EOF: there is none. */
static enum status
next_container(struct source *s)
{
	const char *name = (const char *)s->containers.data + s->containers_at;

	if (s->containers_at >= s->containers.len)
		return ST_EOF;
	s->containers_at += strlen(name) + 1;
	buf_clear(&s->marker);
	return store_set(&s->container, span_str(name));
}

static enum status
give_trouble(struct source *s, const char *why, enum status st)
{
	struct bucket_entry e = {
	    .folder = true,
	    .reason = why != NULL         ? COVER_MALFORMED
		      : st == ST_DENIED   ? COVER_DENIED
		      : st == ST_NOTFOUND ? COVER_VANISHED
					  : COVER_IO,
	    .detail = span_str(why != NULL ? why
					   : "its list could not be read to "
					     "its end"),
	};

	return give(s, &e, span_of(NULL, 0));
}

/* Behind the position where the scan goes on. */
static enum status
begin_container(struct source *s)
{
	struct span after = buf_span(&s->after_container);
	enum status st = next_container(s);

	while (st == ST_OK && after.len > 0 &&
	       str_order(buf_span(&s->container), after) < 0)
		st = next_container(s);
	if (st == ST_OK && span_eq(buf_span(&s->container), after))
		st = store_set(&s->marker, buf_span(&s->after));
	s->listing = st == ST_OK;
	s->told = false;
	return st;
}

/* Elements that were passed over are told once a container. */
static enum status
tell_bad(struct source *s)
{
	if (s->page.bad == 0 || s->told)
		return ST_OK;
	s->told = true;
	return give_trouble(s, s->page.why, ST_MALFORMED);
}

static enum status
next_pages(void *arg, struct bucket *b)
{
	struct source *s = arg;
	enum status st = ST_OK;
	unsigned code = 0;

	while (st == ST_OK && b->count == 0) {
		if (!s->listing) {
			st = begin_container(s);
			continue;
		}
		st = read_page(s, give_object, &code);
		s->listing = st == ST_OK && !s->single;
		if (st == ST_OK)
			st = tell_bad(s);
		else if (st == ST_EOF)
			st = ST_OK;
		else if (code != 0 && (!s->one || s->page.why != NULL))
			st = give_trouble(s, s->page.why, st);
	}
	return st;
}

/* All lists once before anything is read: what is a part of something else. */
static enum status
survey(struct source *s)
{
	enum status st = ST_OK;
	unsigned code = 0;

	while (st == ST_OK) {
		st = next_container(s);
		while (st == ST_OK)
			st = read_page(s, survey_object, &code);
		/* what goes wrong here is told when it is read */
		if (st != ST_NOMEM && st != ST_LIMIT &&
		    s->containers_at < s->containers.len)
			st = ST_OK;
	}
	s->containers_at = 0;
	swift_parts_end(&s->parts);
	return st == ST_NOMEM ? st : ST_OK;
}

/* ---- beginning ---- */

static bool
renew(void *arg)
{
	struct source *s = arg;

	return swift_login_renew(&s->login) == ST_OK;
}

static enum status
sign(void *arg, const struct http_request *r, struct http_lines *to)
{
	struct source *s = arg;

	return swift_login_sign(&s->login, r, to);
}

static enum status
first_page(struct source *s, unsigned *code)
{
	enum status st = begin_container(s);

	if (st == ST_OK)
		st = read_page(s, give_object, code);
	s->listing = st == ST_OK && !s->single;
	if (st == ST_OK)
		return tell_bad(s);
	return st == ST_EOF ? ST_OK : st;
}

static enum status
give_containers(struct source *s)
{
	struct bucket_entry e = {.folder = true};
	enum status st;

	while ((st = next_container(s)) == ST_OK)
		if (give(s, &e, span_of(NULL, 0)) != ST_OK)
			return ST_LIMIT;
	return st == ST_EOF ? ST_OK : st;
}

static enum status
begin_lists(struct source *s, unsigned *code)
{
	enum status st =
	    s->one ? buf_add_byte(&s->containers, 0) : list_containers(s, code);

	if (st == ST_OK && s->lost != NULL)
		st = give_trouble(s, s->lost, ST_MALFORMED);
	if (st == ST_OK && s->browse && !s->one)
		return give_containers(s);
	if (st == ST_OK && !s->browse)
		st = survey(s);
	return st == ST_OK ? first_page(s, code) : st;
}

static enum status
begin(struct source *s, const struct source_target *t)
{
	const struct bucket_ops ops = {
	    .list = next_pages, .sign = sign, .renew = renew, .arg = s};
	unsigned code = 0;
	enum status st = store_bucket(t, s->login.http, &ops, &s->bucket);

	if (st != ST_OK)
		return st;
	st = begin_lists(s, &code);
	if (st != ST_OK)
		target_why(t, "%s",
			   code == 404 ? "the account has no such container"
			   : code == 401 || code == 403
			       ? "this user may not list it"
			   : s->page.why != NULL ? s->page.why
			   : http_why(s->login.http)[0] != 0
			       ? http_why(s->login.http)
			       : "what answers is no store like Swift");
	return st;
}

static enum status
read_target(struct source *s, const struct source_target *t)
{
	size_t n = str_find(t->cursor, '\n');
	enum status st = url_parse(t->path, &s->url);

	if (st != ST_OK) {
		target_why(t, "the target is not written as "
			      "swift://CONTAINER/PREFIX?auth=URL");
		return ST_USAGE;
	}
	s->one = s->url.host.len > 0;
	st = url_decode(s->url.host, &s->containers);
	if (st == ST_OK && s->one)
		st = url_decode(span_skip(s->url.path, 1), &s->prefix);
	if (st == ST_OK)
		st = store_set(&s->query, s->url.query);
	if (st == ST_OK)
		st = store_option(t, &s->url, "page", &s->size);
	if (st == ST_OK)
		st = store_set(&s->after_container, span_of(t->cursor.ptr, n));
	return st == ST_OK ? store_set(&s->after, span_skip(t->cursor, n + 1))
			   : st;
}

static void
each_buf(struct source *s, void (*what)(struct buf *b))
{
	struct buf *const all[] = {
	    &s->container, &s->prefix,     &s->query,           &s->size,
	    &s->marker,    &s->containers, &s->after_container, &s->after};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		what(all[i]);
}

static void
init_one(struct buf *b)
{
	buf_init(b, 4u << 20);
}

static void
swift_close(struct source *s)
{
	if (s == NULL)
		return;
	bucket_close(&s->bucket);
	swift_login_close(&s->login);
	swift_parts_fini(&s->parts);
	each_buf(s, buf_fini);
	free(s);
}

static enum status
swift_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	each_buf(s, init_one);
	swift_parts_init(&s->parts);
	s->login.vault.fd = -1;
	s->browse = t->browse;
	st = read_target(s, t);
	if (st == ST_OK)
		st = swift_login_open(&s->login, t, &s->url);
	if (st == ST_OK)
		st = begin(s, t);
	if (st != ST_OK)
		swift_close(s);
	else
		*out = s;
	return st;
}

static enum status
swift_next(struct source *s, struct source_item *item)
{
	return bucket_next(&s->bucket, span_str("swift://"), item);
}

static enum status
swift_read(struct source *s, void *dst, size_t n, size_t *got)
{
	return bucket_read(&s->bucket, dst, n, got);
}

static enum status
swift_cursor(const struct source *s, struct buf *to)
{
	return bucket_cursor(&s->bucket, to);
}

const struct source_ops swift_source = {
    .scheme = "swift",
    .open = swift_open,
    .next = swift_next,
    .read = swift_read,
    .cursor = swift_cursor,
    .close = swift_close,
};
