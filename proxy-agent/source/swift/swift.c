#include <stdlib.h>

#include "base/str.h"
#include "proxy-agent/source/bucket/store.h"
#include "proxy-agent/source/http_target.h"
#include "proxy-agent/source/swift/impl.h"

/* ---- pages ---- */

static enum status
next_pages(void *arg, struct bucket *b)
{
	struct source *s = arg;
	enum status st = ST_OK;
	unsigned code = 0;

	while (st == ST_OK && b->count == 0) {
		if (!s->listing) {
			st = swift_begin_container(s);
			continue;
		}
		st = swift_ask_page(s, swift_give_object, &code);
		s->listing = st == ST_OK && !s->single;
		if (st == ST_OK)
			st = swift_tell_bad(s);
		else if (st == ST_EOF)
			st = ST_OK;
		else if (code != 0 && (!s->one || s->page.why != NULL))
			st = swift_give_trouble(s, s->page.why, st);
	}
	return st;
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
	enum status st = swift_begin_container(s);

	if (st == ST_OK)
		st = swift_ask_page(s, swift_give_object, code);
	s->listing = st == ST_OK && !s->single;
	if (st == ST_OK)
		return swift_tell_bad(s);
	return st == ST_EOF ? ST_OK : st;
}

static enum status
give_containers(struct source *s)
{
	struct bucket_entry e = {.folder = true};
	enum status st;

	while ((st = swift_next_container(s)) == ST_OK)
		if (swift_give(s, &e, span_of(NULL, 0)) != ST_OK)
			return ST_LIMIT;
	return st == ST_EOF ? ST_OK : st;
}

static enum status
begin_lists(struct source *s, unsigned *code)
{
	enum status st = s->one ? buf_add_byte(&s->containers, 0)
				: swift_list_containers(s, code);

	if (st == ST_OK && s->lost != NULL)
		st = swift_give_trouble(s, s->lost, ST_MALFORMED);
	if (st == ST_OK && s->browse && !s->one)
		return give_containers(s);
	if (st == ST_OK && !s->browse)
		st = swift_survey(s);
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
