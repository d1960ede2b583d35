#include "proxy-agent/source/web.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/frontier.h"
#include "proxy-agent/source/http_target.h"
#include "proxy-agent/source/links.h"
#include "proxy-agent/source/scope.h"
#include "proxy-agent/source/sitemap.h"
#include "source/url.h"

#define DEPTH_DEFAULT 16
#define DEPTH_MAX     1000
#define PAGES_DEFAULT 100000
#define PAGES_MAX     200000
#define HOPS_MAX      10
#define AHEAD_MAX     16
#define DRAIN_MAX     (32u << 20) /* bytes read for links alone */
#define DETAIL_MAX    400
#define CURSOR_MAX    (HREF_MAX + 16)

/* An address that was asked for ahead of its turn. */
struct ahead {
	size_t at;              /* in this level */
	struct http_call *call; /* NULL: it is not to be read, see detail */
	const char *forbidden;
};

struct source {
	struct http *http;
	struct scope scope;
	struct frontier frontier;
	struct ahead ahead[AHEAD_MAX];
	size_t ahead_at, ahead_count;
	size_t asked; /* addresses of this level that were asked for */
	uint64_t depth;
	bool sitemaps, browse, started;

	struct http_call *call;     /* of the item */
	struct buf path, origin;    /* of the item; where redirects began */
	struct buf base;            /* of its references */
	struct buf trail[HOPS_MAX]; /* of the redirects that led to it */
	struct links links;
	bool is_page, drained;
	uint64_t read;
	char detail[DETAIL_MAX];

	unsigned from_level; /* go on behind this position */
	struct buf from;
	bool resume;
};

/* ---- links -----------------------------------------------------------------
 */

static void
add_address(struct source *s, struct span url)
{
	if (scope_has(&s->scope, url) &&
	    frontier_add(&s->frontier, url) != ST_OK)
		s->frontier.full = true;
}

static void
on_link(void *arg, struct span ref)
{
	struct source *s = arg;
	struct buf url;

	buf_init(&url, HREF_MAX);
	if (href_join(buf_span(&s->base), ref, &url) == ST_OK)
		add_address(s, buf_span(&url));
	buf_fini(&url);
}

static void
on_base(void *arg, struct span ref)
{
	struct source *s = arg;
	struct buf url;

	buf_init(&url, HREF_MAX);
	if (href_join(buf_span(&s->path), ref, &url) == ST_OK) {
		buf_clear(&s->base);
		if (buf_add(&s->base, url.data, url.len) != ST_OK)
			buf_clear(&s->base);
	}
	buf_fini(&url);
}

static void
on_sitemap_page(void *arg, struct span url)
{
	struct source *s = arg;
	struct buf tidy;

	buf_init(&tidy, HREF_MAX);
	if (href_tidy(url, &tidy) == ST_OK)
		add_address(s, buf_span(&tidy));
	buf_fini(&tidy);
}

/* A sitemap lies outside of the target's folder as a rule: its host counts. */
static bool
may_read_sitemap(void *arg, struct span url)
{
	struct source *s = arg;

	return href_same_site(url, buf_span(&s->scope.home)) &&
	       scope_forbids(&s->scope, url) == NULL;
}

static void
read_sitemaps(struct source *s)
{
	struct sitemap m = {.http = s->http,
			    .page = on_sitemap_page,
			    .may = may_read_sitemap,
			    .arg = s};
	struct span home = buf_span(&s->scope.home);
	const struct robots *r = scope_robots(&s->scope, home);
	struct buf url;

	buf_init(&url, HREF_MAX);
	for (size_t i = 0; r != NULL && i < r->sitemap_count; i++)
		if (href_join(home, r->sitemaps[i], &url) == ST_OK)
			sitemap_read(&m, buf_span(&url));
	if ((r == NULL || r->sitemap_count == 0) &&
	    href_join(home, span_str("/sitemap.xml"), &url) == ST_OK)
		sitemap_read(&m, buf_span(&url));
	buf_fini(&url);
}

/* ---- one address -----------------------------------------------------------
 */

static enum status
set(struct buf *to, struct span s)
{
	buf_clear(to);
	return buf_add(to, s.ptr, s.len);
}

static enum status
ask(struct source *s, struct span url, struct http_call **out)
{
	const struct http_request r = {.url = url, .inflate = true};

	return http_start(s->http, &r, out);
}

/* Asks for what comes next, while this is read. */
static void
look_ahead(struct source *s)
{
	size_t room = http_room(s->http);

	if (s->scope.obey) {
		const struct robots *r =
		    scope_robots(&s->scope, buf_span(&s->scope.home));

		if (r != NULL && r->delay_ms > 0)
			room = 1;
	}
	room = room < AHEAD_MAX ? room : AHEAD_MAX;
	if (room > 1)
		room--; /* one call is for robots.txt of the next host */
	while (s->ahead_count < room && s->asked < s->frontier.now_count) {
		size_t slot = (s->ahead_at + s->ahead_count) % AHEAD_MAX;
		struct ahead *a = &s->ahead[slot];
		struct span url = s->frontier.now[s->asked];

		*a = (struct ahead){.at = s->asked};
		a->forbidden = scope_forbids(&s->scope, url);
		if (a->forbidden == NULL && ask(s, url, &a->call) != ST_OK)
			return;
		s->ahead_count++;
		s->asked++;
	}
}

static bool
is_html(const struct http_reply *r)
{
	return r->type.len == 0 || str_is(r->type, "text/html") ||
	       str_is(r->type, "application/xhtml+xml");
}

static void
end_call(struct source *s)
{
	http_stop(s->call);
	s->call = NULL;
	if (s->is_page)
		links_fini(&s->links);
	s->is_page = false;
}

/* The rest of a page that nobody wanted, for its links. */
static void
drain(struct source *s)
{
	uint8_t piece[8192];
	size_t got = 1;

	while (s->is_page && !s->drained && got > 0 && s->read < DRAIN_MAX) {
		if (http_read(s->call, piece, sizeof(piece), &got) != ST_OK)
			break;
		links_feed(&s->links, span_of(piece, got));
		s->read += got;
	}
	end_call(s);
}

/* Whether the walk gave it before it was interrupted. */
static bool
is_behind(const struct source *s)
{
	struct span a = buf_span(&s->origin), b = buf_span(&s->from);
	size_t n = a.len < b.len ? a.len : b.len;
	int order;

	if (!s->resume)
		return false;
	if (s->frontier.level != s->from_level)
		return s->frontier.level < s->from_level;
	order = n == 0 ? 0 : memcmp(a.ptr, b.ptr, n);
	return order < 0 || (order == 0 && a.len <= b.len);
}

static void
refuse(struct source *s, struct source_item *item, uint8_t reason,
       const char *detail)
{
	item->reason = reason;
	snprintf(s->detail, sizeof(s->detail), "%s", detail);
	item->detail = span_str(s->detail);
}

enum turn { TURN_GIVE, TURN_SKIP, TURN_AGAIN };

static bool
was_on_trail(const struct source *s, unsigned hops, struct span url)
{
	for (unsigned i = 0; i < hops; i++)
		if (span_eq(buf_span(&s->trail[i]), url))
			return true;
	return span_eq(buf_span(&s->path), url);
}

/* A redirect: to where, or why not. */
static enum turn
follow(struct source *s, const struct http_reply *r, unsigned hops,
       struct source_item *item)
{
	char why[DETAIL_MAX];
	enum turn turn = TURN_SKIP;
	struct span url;
	struct buf to;

	buf_init(&to, HREF_MAX);
	if (href_join(buf_span(&s->path), r->location, &to) != ST_OK) {
		refuse(s, item, COVER_MALFORMED,
		       "it leads to something that is no address");
		turn = TURN_GIVE;
		goto done;
	}
	url = buf_span(&to);
	if (was_on_trail(s, hops, url) || hops == HOPS_MAX - 1) {
		refuse(s, item, COVER_LOOP, "its redirects lead in a circle");
		turn = TURN_GIVE;
	} else if (!scope_has(&s->scope, url)) {
		snprintf(why, sizeof(why),
			 "leads to %.*s, which is outside of the target",
			 (int)(url.len < 200 ? url.len : 200),
			 (const char *)url.ptr);
		refuse(s, item, COVER_LINK, why);
		turn = TURN_GIVE;
	} else if (scope_forbids(&s->scope, url) == NULL &&
		   frontier_meet(&s->frontier, url)) {
		http_stop(s->call);
		s->call = NULL;
		if (set(&s->trail[hops], buf_span(&s->path)) == ST_OK &&
		    set(&s->path, url) == ST_OK &&
		    ask(s, buf_span(&s->path), &s->call) == ST_OK)
			turn = TURN_AGAIN;
	}
done:
	buf_fini(&to);
	return turn;
}

static void
begin_page(struct source *s)
{
	const struct links_hear hear = {
	    .link = on_link, .base = on_base, .arg = s};

	if (s->frontier.level > s->depth ||
	    set(&s->base, buf_span(&s->path)) != ST_OK)
		return;
	links_init(&s->links, &hear);
	s->is_page = true;
}

/* What an answer means that is neither content nor a redirect. */
static enum turn
no_content(struct source *s, const struct http_reply *r,
	   struct source_item *item)
{
	char why[80];

	if (r->code == 404 || r->code == 410)
		return TURN_SKIP; /* a link that leads nowhere: no object */
	if (r->code == 401 && http_is_refused(s->http))
		refuse(s, item, COVER_DENIED,
		       "the server refused this user and password");
	else if (http_code(r->code) == ST_DENIED)
		refuse(s, item, COVER_DENIED,
		       "the server lets only others read it");
	else {
		snprintf(why, sizeof(why), "the server answered %u", r->code);
		refuse(s, item, COVER_IO, why);
	}
	return TURN_GIVE;
}

static enum turn
hear_head(struct source *s, struct source_item *item)
{
	const struct http_reply *r;
	enum turn turn = TURN_AGAIN;
	enum status st = ST_OK;

	for (unsigned hops = 0; turn == TURN_AGAIN; hops++) {
		st = http_head(s->call, &r);
		if (st != ST_OK) {
			refuse(s, item,
			       st == ST_DENIED    ? COVER_DENIED
			       : st == ST_TIMEOUT ? COVER_TIME
						  : COVER_IO,
			       http_why(s->http));
			turn = TURN_GIVE;
		} else if (r->code / 100 == 3 && r->location.len > 0) {
			turn = follow(s, r, hops, item);
		} else if (http_code(r->code) != ST_OK) {
			turn = no_content(s, r, item);
		} else {
			item->size = r->length < 0 ? 0 : (uint64_t)r->length;
			if (http_header(s->call, "content-encoding").len > 0)
				item->size = 0; /* of what was packed */
			item->mtime = r->modified;
			if (is_html(r))
				begin_page(s);
			turn = TURN_GIVE;
		}
	}
	item->path = buf_span(&s->path);
	return turn;
}

/* ---- the walk --------------------------------------------------------------
 */

/* One address of this level. */
static enum turn
take_one(struct source *s, struct source_item *item)
{
	struct ahead *a = &s->ahead[s->ahead_at];
	struct span url;
	enum turn turn;

	s->frontier.at = a->at;
	url = s->frontier.now[a->at];
	s->ahead_at = (s->ahead_at + 1) % AHEAD_MAX;
	s->ahead_count--;
	*item = (struct source_item){.reason = COVER_OK, .trickle = true};
	s->read = 0;
	s->drained = false;
	if (set(&s->origin, url) != ST_OK || set(&s->path, url) != ST_OK)
		return TURN_SKIP;
	item->path = buf_span(&s->path);
	s->call = a->call;
	if (a->call == NULL) {
		refuse(s, item, COVER_DENIED, a->forbidden);
		return is_behind(s) ? TURN_SKIP : TURN_GIVE;
	}
	turn = hear_head(s, item);
	return turn == TURN_GIVE && is_behind(s) ? TURN_SKIP : turn;
}

/* What the guard against endless sites left out: once for each place. */
static enum status
next_trap(struct source *s, struct source_item *item)
{
	struct frontier *f = &s->frontier;

	*item = (struct source_item){.trickle = true};
	if (f->trap_at < f->trap_count) {
		item->path = f->traps[f->trap_at++];
		refuse(s, item, COVER_LOOP,
		       "more addresses like it than a site can mean; they were "
		       "not read");
		return ST_OK;
	}
	if (!f->full)
		return ST_EOF;
	f->full = false;
	item->path = buf_span(&s->scope.home);
	refuse(s, item, COVER_MEMBERS,
	       "the site has more pages than the option pages allows");
	return ST_OK;
}

static enum status
browse_next(struct source *s, struct source_item *item)
{
	struct frontier *f = &s->frontier;

	if (f->at == f->now_count)
		return ST_EOF;
	*item = (struct source_item){.path = f->now[f->at++]};
	return ST_OK;
}

static enum status
web_next(struct source *s, struct source_item *item)
{
	if (s->browse)
		return browse_next(s, item);
	if (s->call != NULL)
		drain(s);
	for (;;) {
		look_ahead(s);
		if (s->ahead_count > 0) {
			enum turn turn = take_one(s, item);

			look_ahead(s);
			if (turn == TURN_GIVE)
				return ST_OK;
			drain(s);
			continue;
		}
		if (s->frontier.level == 1 && s->sitemaps && s->depth > 0)
			read_sitemaps(s);
		if (!frontier_turn(&s->frontier))
			return next_trap(s, item);
		s->asked = 0;
	}
}

static enum status
web_read(struct source *s, void *dst, size_t n, size_t *got)
{
	enum status st = http_read(s->call, dst, n, got);

	s->drained = st != ST_OK || *got == 0;
	if (st == ST_OK && s->is_page) {
		links_feed(&s->links, span_of(dst, *got));
		s->read += *got;
	}
	return st;
}

static enum status
web_cursor(const struct source *s, struct buf *to)
{
	return buf_addf(to, "%u %.*s", s->frontier.level, (int)s->origin.len,
			(const char *)s->origin.data);
}

/* ---- beginning -------------------------------------------------------------
 */

static void
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
	return set(&s->from, span_skip(cursor, level.len + 1));
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
	look_ahead(s);
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
	if (s->ahead_count > 0 && take_one(s, &item) == TURN_GIVE)
		drain(s);
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
	for (size_t i = 0; i < HOPS_MAX; i++)
		buf_init(&s->trail[i], HREF_MAX);
}

static enum status
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

const struct source_ops http_source = {
    .scheme = "http",
    .open = web_open,
    .next = web_next,
    .read = web_read,
    .cursor = web_cursor,
    .close = web_close,
};

const struct source_ops https_source = {
    .scheme = "https",
    .open = web_open,
    .next = web_next,
    .read = web_read,
    .cursor = web_cursor,
    .close = web_close,
};
