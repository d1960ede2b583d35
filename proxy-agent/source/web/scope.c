#include "proxy-agent/source/web/scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/str.h"
#include "proxy-agent/session/href.h"

#define LIST_MAX  (64 * 1024)
#define SITES_MAX 256
#define HOPS_MAX  5 /* as RFC 9309 wants */

struct scope_site {
	struct buf name; /* scheme://host:port */
	struct robots robots;
	bool absent; /* not to be had: all is forbidden */
};

/* ---- by address ------------------------------------------------------------
 */

static enum status
keep(struct buf *to, struct span s, size_t max)
{
	buf_init(to, max);
	return buf_add(to, s.ptr, s.len);
}

/* The path up to its last slash. */
static struct span
folder_of(struct span path)
{
	while (path.len > 0 && path.ptr[path.len - 1] != '/')
		path.len--;
	return path;
}

enum status
scope_open(struct scope *s, const struct source_target *t, struct span home,
	   struct http *http)
{
	struct span within = source_option(t, "within");
	enum status st, one;
	struct href u;

	memset(s, 0, sizeof(*s));
	href_split(home, &u);
	s->http = http;
	s->obey = !str_is(source_option(t, "robots"), "ignore");
	s->signed_in = source_access(t, "user").len > 0 ||
		       source_access(t, "token").len > 0 ||
		       source_access(t, "cookie").len > 0;
	st = keep(&s->home, home, HREF_MAX);
	one = keep(&s->folder, within.len > 0 ? within : folder_of(u.path),
		   HREF_MAX);
	st = st == ST_OK ? one : st;
	one = keep(&s->hosts, source_option(t, "hosts"), LIST_MAX);
	st = st == ST_OK ? one : st;
	one = keep(&s->include, source_option(t, "include"), LIST_MAX);
	st = st == ST_OK ? one : st;
	one = keep(&s->exclude, source_option(t, "exclude"), LIST_MAX);
	return st == ST_OK ? one : st;
}

void
scope_close(struct scope *s)
{
	buf_fini(&s->home);
	buf_fini(&s->folder);
	buf_fini(&s->hosts);
	buf_fini(&s->include);
	buf_fini(&s->exclude);
	for (size_t i = 0; i < s->site_count; i++) {
		buf_fini(&s->sites[i].name);
		robots_fini(&s->sites[i].robots);
	}
	free(s->sites);
	memset(s, 0, sizeof(*s));
}

static struct span
without_www(struct span host)
{
	return str_starts(host, "www.") ? span_skip(host, 4) : host;
}

/* The same place, whichever of http, https and www. is written. */
static bool
is_home(struct span home, const struct href *u)
{
	struct href h;
	struct href_place a, b;

	href_split(home, &h);
	if (href_place(h.authority, &a) != ST_OK ||
	    href_place(u->authority, &b) != ST_OK)
		return false;
	return a.port == b.port &&
	       span_eq(without_www(a.host), without_www(b.host));
}

static bool
listed(struct span list, struct span text)
{
	struct span pattern;

	while (str_next(&list, ',', &pattern)) {
		pattern = str_trim(pattern);
		if (pattern.len > 0 && glob_id(pattern, text))
			return true;
	}
	return false;
}

static bool
holds(struct span text, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= text.len; i++)
		if (strncasecmp((const char *)text.ptr + i, word, n) == 0)
			return true;
	return false;
}

/* What ends a session, or changes something, as far as a name can tell. */
static bool
signs_out(struct span path)
{
	static const char *const words[] = {
	    "logout",   "logoff",   "log-out", "log_out", "signout",
	    "sign-out", "sign_out", "signoff", "log-off", "sign-off"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (holds(path, words[i]))
			return true;
	return false;
}

bool
scope_has(const struct scope *s, struct span url)
{
	struct span path;
	struct href u;

	href_split(url, &u);
	if (!str_is(u.scheme, "http") && !str_is(u.scheme, "https"))
		return false;
	path = span_of(u.path.ptr,
		       u.path.len + (u.has_query ? u.query.len + 1 : 0));
	if (is_home(buf_span(&s->home), &u)) {
		if (u.path.len < s->folder.len ||
		    memcmp(u.path.ptr, s->folder.data, s->folder.len) != 0)
			return false;
	} else if (!listed(buf_span(&s->hosts), u.authority)) {
		return false;
	}
	if (s->signed_in && signs_out(path))
		return false;
	if (s->include.len > 0 && !listed(buf_span(&s->include), path) &&
	    !span_eq(url, buf_span(&s->home)))
		return false;
	return !listed(buf_span(&s->exclude), path);
}

/* ---- by what its host asks -------------------------------------------------
 */

static struct span
name_of(struct span url)
{
	struct href u;

	href_split(url, &u);
	return span_of(url.ptr, (size_t)(u.path.ptr - url.ptr));
}

/* Its text; false: the host does not say, since it cannot be asked. */
static bool
fetch(struct scope *s, struct span site, struct buf *text)
{
	struct http_request r = {.cap = 4 * ROBOTS_MAX, .inflate = true};
	const struct http_reply *reply;
	struct http_call *c;
	struct buf url;
	bool said = false;
	size_t got = 1;
	uint8_t piece[4096];

	buf_init(&url, HREF_MAX);
	if (href_join(site, span_str("/robots.txt"), &url) != ST_OK)
		goto done;
	for (unsigned hop = 0; hop <= HOPS_MAX; hop++) {
		r.url = buf_span(&url);
		if (http_start(s->http, &r, &c) != ST_OK)
			break;
		s->reach = http_head(c, &reply);
		if (s->reach == ST_OK && reply->code / 100 == 3 &&
		    reply->location.len > 0 &&
		    href_join(r.url, reply->location, &url) == ST_OK) {
			http_stop(c);
			continue;
		}
		if (s->reach == ST_OK) {
			said = reply->code < 500 && reply->code != 429;
			while (reply->code == 200 && got > 0 &&
			       http_read(c, piece, sizeof(piece), &got) ==
				   ST_OK)
				if (buf_add(text, piece, got) != ST_OK)
					break;
		}
		http_stop(c);
		break;
	}
done:
	buf_fini(&url);
	return said;
}

static struct scope_site *
site_of(struct scope *s, struct span url)
{
	struct span name = name_of(url);
	struct scope_site *more;
	struct buf text;

	for (size_t i = 0; i < s->site_count; i++)
		if (span_eq(buf_span(&s->sites[i].name), name))
			return &s->sites[i];
	if (s->site_count == SITES_MAX)
		return NULL;
	more = realloc(s->sites, (s->site_count + 1) * sizeof(*more));
	if (more == NULL)
		return NULL;
	s->sites = more;
	more += s->site_count++;
	memset(more, 0, sizeof(*more));
	robots_init(&more->robots);
	buf_init(&text, ROBOTS_MAX);
	more->absent =
	    keep(&more->name, name, HREF_MAX) != ST_OK ||
	    !fetch(s, name, &text) ||
	    robots_parse(&more->robots, buf_span(&text), "trawl") != ST_OK;
	buf_fini(&text);
	return more;
}

const char *
scope_forbids(struct scope *s, struct span url)
{
	struct scope_site *site;
	struct span name;

	if (!s->obey)
		return NULL;
	site = site_of(s, url);
	if (site == NULL || site->absent)
		return "robots.txt of its host cannot be read, and may forbid "
		       "it; robots=ignore reads it all the same";
	name = name_of(url);
	if (robots_allows(&site->robots, span_skip(url, name.len)))
		return NULL;
	return "robots.txt of its host asks crawlers to stay away from it; "
	       "robots=ignore reads it all the same";
}

const struct robots *
scope_robots(struct scope *s, struct span url)
{
	struct scope_site *site = s->obey ? site_of(s, url) : NULL;

	return site == NULL || site->absent ? NULL : &site->robots;
}
