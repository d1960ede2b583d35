#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/http_target.h"
#include "proxy-agent/source/web/impl.h"

#define DRAIN_MAX (32u << 20) /* bytes read for links alone */

enum status
web_set(struct buf *to, struct span s)
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
void
web_look_ahead(struct source *s)
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
void
web_drain(struct source *s)
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

void
web_refuse(struct source *s, struct source_item *item, uint8_t reason,
	   const char *detail)
{
	item->reason = reason;
	snprintf(s->detail, sizeof(s->detail), "%s", detail);
	item->detail = span_str(s->detail);
}

/*
 * Links of a page that is not read again are heard now, and all of them: what
 * cannot be heard is told of the page, since nothing else would.
 */
static void
hear_same_page(struct source *s, struct source_item *item)
{
	uint8_t piece[8192];
	enum status st = ST_OK;
	size_t got = 1;

	while (st == ST_OK && got > 0) {
		st = http_read(s->call, piece, sizeof(piece), &got);
		if (st == ST_OK)
			links_feed(&s->links, span_of(piece, got));
	}
	explicit_bzero(piece, sizeof(piece));
	s->drained = true;
	if (st == ST_OK)
		return;
	item->version = span_of(NULL, 0);
	web_refuse(s, item, COVER_IO, http_why(s->http));
}

static void
begin_content(struct source *s, const struct http_reply *r,
	      struct source_item *item)
{
	item->size = r->length < 0 ? 0 : (uint64_t)r->length;
	if (http_header(s->call, "content-encoding").len > 0)
		item->size = 0; /* of what was packed */
	item->mtime = r->modified;
	item->version = web_version(s, r);
	if (!is_html(r))
		return;
	web_begin_page(s);
	if (s->is_page && web_is_same(s))
		hear_same_page(s, item);
}

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
		web_refuse(s, item, COVER_MALFORMED,
			   "it leads to something that is no address");
		turn = TURN_GIVE;
		goto done;
	}
	url = buf_span(&to);
	if (was_on_trail(s, hops, url) || hops == HOPS_MAX - 1) {
		web_refuse(s, item, COVER_LOOP,
			   "its redirects lead in a circle");
		turn = TURN_GIVE;
	} else if (!scope_has(&s->scope, url)) {
		snprintf(why, sizeof(why),
			 "leads to %.*s, which is outside of the target",
			 (int)(url.len < 200 ? url.len : 200),
			 (const char *)url.ptr);
		web_refuse(s, item, COVER_LINK, why);
		turn = TURN_GIVE;
	} else if (scope_forbids(&s->scope, url) == NULL &&
		   frontier_meet(&s->frontier, url)) {
		http_stop(s->call);
		s->call = NULL;
		if (web_set(&s->trail[hops], buf_span(&s->path)) == ST_OK &&
		    web_set(&s->path, url) == ST_OK &&
		    ask(s, buf_span(&s->path), &s->call) == ST_OK)
			turn = TURN_AGAIN;
	}
done:
	buf_fini(&to);
	return turn;
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
		web_refuse(s, item, COVER_DENIED,
			   "the server does not take this user and password, "
			   "or token, or not any more");
	else if (http_code(r->code) == ST_DENIED)
		web_refuse(s, item, COVER_DENIED,
			   "the server lets only others read it");
	else {
		snprintf(why, sizeof(why), "the server answered %u", r->code);
		web_refuse(s, item, COVER_IO, why);
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
			web_refuse(s, item,
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
			begin_content(s, r, item);
			turn = TURN_GIVE;
		}
	}
	item->path = buf_span(&s->path);
	return turn;
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

/* One address of this level. */
enum turn
web_take(struct source *s, struct source_item *item)
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
	if (web_set(&s->origin, url) != ST_OK ||
	    web_set(&s->path, url) != ST_OK)
		return TURN_SKIP;
	item->path = buf_span(&s->path);
	s->call = a->call;
	if (a->call == NULL) {
		web_refuse(s, item, COVER_DENIED, a->forbidden);
		return is_behind(s) ? TURN_SKIP : TURN_GIVE;
	}
	turn = hear_head(s, item);
	return turn == TURN_GIVE && is_behind(s) ? TURN_SKIP : turn;
}
