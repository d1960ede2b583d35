#include "proxy-agent/session/href.h"
#include "proxy-agent/source/bucket/store.h"
#include "proxy-agent/source/swift/impl.h"

#define LIST_MAX (32u << 20) /* bytes of one page of a list */

enum status
swift_add_place(const struct source *s, struct span name, struct buf *to)
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
	enum status st = swift_add_place(s, span_of(NULL, 0), to);

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

enum status
swift_ask_list(struct source *s, struct span url, struct buf *marker,
	       swift_take *take, unsigned *code)
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

enum status
swift_ask_page(struct source *s, swift_take *take, unsigned *code)
{
	struct buf url;
	enum status st;

	buf_init(&url, 8 * KEY_MAX);
	st = objects_url(s, &url);
	if (st == ST_OK)
		st = swift_ask_list(s, buf_span(&url), &s->marker, take, code);
	buf_fini(&url);
	return st == ST_OK && s->page.count == 0 ? ST_EOF : st;
}

static enum status
containers_url(const struct source *s, const struct buf *marker, struct buf *to)
{
	enum status st =
	    buf_add(to, s->login.storage.data, s->login.storage.len);

	if (st == ST_OK)
		st = buf_add_str(to, "?format=json");
	return st == ST_OK ? add_param(to, "marker", marker) : st;
}

enum status
swift_ask_containers(struct source *s, struct buf *marker, swift_take *take,
		     unsigned *code)
{
	struct buf url;
	enum status st;

	buf_init(&url, 8 * KEY_MAX);
	st = containers_url(s, marker, &url);
	if (st == ST_OK)
		st = swift_ask_list(s, buf_span(&url), marker, take, code);
	buf_fini(&url);
	return st;
}
