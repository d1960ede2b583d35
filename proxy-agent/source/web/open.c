#include <stdlib.h>

#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/http_target.h"
#include "proxy-agent/source/web/impl.h"
#include "source/url.h"

#define DEPTH_DEFAULT 16
#define DEPTH_MAX     1000
#define PAGES_DEFAULT 100000
#define PAGES_MAX     200000
#define CURSOR_MAX    (HREF_MAX + 16)

void
web_close(struct source *s)
{
	if (s == NULL)
		return;
	if (s->is_page)
		links_fini(&s->links);
	http_close(s->http);
	scope_close(&s->scope);
	frontier_close(&s->frontier);
	buf_fini(&s->path);
	buf_fini(&s->origin);
	buf_fini(&s->base);
	buf_fini(&s->from);
	buf_fini(&s->version);
	for (size_t i = 0; i < HOPS_MAX; i++)
		buf_fini(&s->trail[i]);
	free(s);
}

/* "3 http://host/page" */
static enum status
set_from(struct source *s, struct span cursor)
{
	struct span level = span_of(cursor.ptr, str_find(cursor, ' '));
	uint64_t n = 0;

	if (cursor.len == 0)
		return ST_OK;
	if (str_to_u64(level, 1, DEPTH_MAX + 1, &n) != ST_OK)
		return ST_MALFORMED;
	s->from_level = (unsigned)n;
	s->resume = true;
	return web_set(&s->from, span_skip(cursor, level.len + 1));
}

static enum status
set_options(struct source *s, const struct source_target *t, uint64_t *pages)
{
	enum status st;

	s->depth = DEPTH_DEFAULT;
	*pages = PAGES_DEFAULT;
	s->sitemaps = target_flag(t, "sitemaps", true);
	st = target_number(t, "depth", DEPTH_MAX, &s->depth);
	if (st == ST_OK)
		st = target_number(t, "pages", PAGES_MAX, pages);
	return st == ST_OK ? set_from(s, t->cursor) : st;
}

/* User of "http://user@host/": it is no part of addresses. */
static enum status
open_session(struct source *s, const struct source_target *t, struct buf *home)
{
	struct http_target_use use = {0};
	struct href_place p = {0};
	struct href u;
	enum status st = href_tidy(t->path, home);

	href_split(t->path, &u);
	if (st != ST_OK || href_place(u.authority, &p) != ST_OK) {
		target_why(t, "the target is not written as "
			      "http://HOST[:PORT]/PATH");
		return ST_USAGE;
	}
	if (str_find(p.user, ':') < p.user.len) {
		target_why(t, "the target holds a password: write it into the "
			      "credential");
		return ST_USAGE;
	}
	use.site = buf_span(home);
	use.user = p.user;
	st = http_target_open(t, &use, &s->http);
	return st == ST_OK ? scope_open(&s->scope, t, use.site, s->http) : st;
}

/* The first page, whose trouble is that of the whole target. */
static enum status
greet(struct source *s, const struct source_target *t)
{
	const struct http_reply *r;
	enum status st;

	frontier_turn(&s->frontier);
	web_look_ahead(s);
	if (s->ahead_count == 0) {
		target_why(t, "no memory is left to ask");
		return ST_NOMEM;
	}
	st = s->scope.reach;
	if (st == ST_OK && s->ahead[0].call == NULL)
		return ST_OK; /* robots.txt: the item says so */
	if (st == ST_OK)
		st = http_head(s->ahead[0].call, &r);
	if (st != ST_OK) {
		target_why(t, "%s", http_why(s->http));
		return st;
	}
	if (r->code == 401) {
		target_why(t, http_is_refused(s->http) ||
				      source_access(t, "user").len > 0 ||
				      source_access(t, "token").len > 0
				  ? "the server refused this user and password "
				    "or token"
				  : "the server wants a user and password: "
				    "give a credential");
		return ST_DENIED;
	}
	if (r->code == 404 || r->code == 410) {
		target_why(t, "the server knows no such page (%u)", r->code);
		return ST_NOTFOUND;
	}
	return ST_OK;
}

/* The links of the first page, for a person who chooses. */
static enum status
list_links(struct source *s)
{
	struct source_item item;

	s->sitemaps = false;
	s->depth = s->depth > 1 ? s->depth : 1;
	if (s->ahead_count > 0 && web_take(s, &item) == TURN_GIVE)
		web_drain(s);
	frontier_turn(&s->frontier);
	s->browse = true;
	return ST_OK;
}

static void
init_bufs(struct source *s)
{
	buf_init(&s->path, HREF_MAX);
	buf_init(&s->origin, HREF_MAX);
	buf_init(&s->base, HREF_MAX);
	buf_init(&s->from, CURSOR_MAX);
	buf_init(&s->version, HTTP_HEAD_MAX);
	for (size_t i = 0; i < HOPS_MAX; i++)
		buf_init(&s->trail[i], HREF_MAX);
}

enum status
web_open(const struct source_target *t, struct source **out)
{
	struct source *s;
	uint64_t pages;
	struct buf home;
	enum status st;

	if (t->count)
		return ST_UNSUPPORTED; /* to count a site is to read it */
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return ST_NOMEM;
	s->known = t->known;
	init_bufs(s);
	buf_init(&home, HREF_MAX);
	st = set_options(s, t, &pages);
	if (st == ST_OK)
		st = open_session(s, t, &home);
	if (st == ST_OK)
		st = frontier_open(&s->frontier, (size_t)pages);
	if (st == ST_OK)
		st = frontier_add(&s->frontier, buf_span(&home));
	if (st == ST_OK)
		st = greet(s, t);
	if (st == ST_OK && t->browse)
		st = list_links(s);
	buf_fini(&home);
	if (st != ST_OK)
		web_close(s);
	else
		*out = s;
	return st;
}
