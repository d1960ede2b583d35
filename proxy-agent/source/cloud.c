#include "proxy-agent/source/cloud.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/http.h"
#include "proxy-agent/session/oauth.h"
#include "proxy-agent/session/stream.h"
#include "proxy-agent/source/http_target.h"
#include "source/url.h"

#define URL_CAP  (16 * 1024)
#define NAME_CAP 2048
#define SAID     240
#define HOPS     3 /* redirects to content */

struct cloud {
	const struct cloud_kind *kind;
	struct http *http;
	struct oauth *oauth;
	struct bucket bucket;
	struct tree tree;
	struct buf endpoint, content; /* without a slash behind */
	struct buf root, root_id;
	uint32_t tries;
	char said[SAID]; /* by the service, of the last failure */
};

struct source {
	struct cloud cloud;
};

/* ---- reading answers -------------------------------------------------------
 */

json_t *
cloud_at(json_t *o, const char *path)
{
	struct span rest = span_str(path), part;

	while (o != NULL && str_next(&rest, '/', &part)) {
		char name[64];

		if (str_copy(name, sizeof(name), part) != ST_OK)
			return NULL;
		o = json_is_array(o) ? json_array_get(o, 0)
				     : json_object_get(o, name);
	}
	return o;
}

struct span
cloud_text(json_t *o, const char *path)
{
	json_t *v = cloud_at(o, path);
	const char *text = v == NULL ? NULL : json_string_value(v);

	return text == NULL ? span_of("", 0)
			    : span_of(text, json_string_length(v));
}

bool
cloud_number(json_t *o, const char *path, uint64_t *out)
{
	json_t *v = cloud_at(o, path);

	if (json_is_integer(v) && json_integer_value(v) >= 0) {
		*out = (uint64_t)json_integer_value(v);
		return true;
	}
	return json_is_string(v) &&
	       str_to_u64(cloud_text(v, ""), 0, INT64_MAX, out) == ST_OK;
}

bool
cloud_true(json_t *o, const char *path)
{
	return json_is_true(cloud_at(o, path));
}

/* ---- making requests -------------------------------------------------------
 */

struct blanks {
	struct span id, want, next;
};

static struct span
blank(const struct blanks *b, struct span name)
{
	const size_t cut = str_find(b->id, '/');
	const struct {
		const char *name;
		struct span value;
	} rows[] = {
	    {"id", b->id},
	    {"a", span_of(b->id.ptr, cut)},
	    {"b", span_skip(b->id, cut + 1)},
	    {"want", b->want},
	    {"next", b->next},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_is(name, rows[i].name))
			return rows[i].value;
	return span_of(NULL, 0);
}

/* Fills in the blanks of a form; json: as texts in quotes, else for a URL. */
static enum status
fill(const char *form, const struct blanks *b, bool json, struct buf *to)
{
	enum status st = ST_OK;

	while (st == ST_OK && *form != 0) {
		const char *open = strchr(form, json ? '<' : '{');
		const char *close =
		    open == NULL ? NULL : strchr(open, json ? '>' : '}');
		struct span value;

		if (close == NULL)
			return buf_add_str(to, form);
		st = buf_add(to, form, (size_t)(open - form));
		value = blank(b, span_of(open + 1, (size_t)(close - open) - 1));
		if (st == ST_OK)
			st = json ? json_quote(to, value)
				  : href_escape(value, "", to);
		form = close + 1;
	}
	return st;
}

static enum status
url_at(struct span site, const char *form, struct span id, struct buf *to)
{
	const struct blanks b = {.id = id};
	enum status st = buf_add(to, site.ptr, site.len);

	return st == ST_OK ? fill(form, &b, false, to) : st;
}

enum status
cloud_url(const struct cloud *c, const char *form, struct span id,
	  struct buf *to)
{
	return url_at(buf_span(&c->endpoint), form, id, to);
}

enum status
cloud_content_url(const struct cloud *c, const char *form, struct span id,
		  struct buf *to)
{
	return url_at(buf_span(&c->content), form, id, to);
}

static enum status
sign(void *arg, const struct http_request *r, struct http_lines *to)
{
	const struct cloud *c = arg;

	if (!href_same_site(r->url, buf_span(&c->endpoint)) &&
	    !href_same_site(r->url, buf_span(&c->content)))
		return ST_OK; /* content somewhere else: it knows no token */
	return oauth_sign(c->oauth, to);
}

static enum status
denied(void *arg, unsigned mark)
{
	const struct cloud *c = arg;

	return oauth_denied(c->oauth, mark);
}

/* ---- one answer ------------------------------------------------------------
 */

/* What services call their words for people. */
static void
note_error(struct cloud *c, json_t *root, unsigned code)
{
	static const char *const paths[] = {
	    "error/message", "error_summary",       "error_description",
	    "message",       "context_info/errors", "error/code",
	};
	char words[SAID - 60];
	struct span text = span_of("", 0);

	for (size_t i = 0;
	     text.len == 0 && i < sizeof(paths) / sizeof(paths[0]); i++)
		text = cloud_text(root, paths[i]);
	stream_words(words, sizeof(words), text);
	snprintf(c->said, SAID, "the service answered %u%s%s", code,
		 words[0] != 0 ? ": " : "", words);
}

/* Google says in a 403 what others say by 429. */
static bool
wants_rest(json_t *root, unsigned code)
{
	struct span why = cloud_text(root, "error/errors/0/reason");

	return code == 403 && str_listed("rateLimitExceeded "
					 "userRateLimitExceeded "
					 "sharingRateLimitExceeded "
					 "dailyLimitExceeded",
					 why);
}

static enum status
code_of(json_t *root, unsigned code)
{
	struct span summary = cloud_text(root, "error_summary");

	if (code == 409 && memmem(summary.ptr, summary.len, "not_found", 9))
		return ST_NOTFOUND;
	return code == 409 || code == 400 ? ST_DENIED : http_code(code);
}

static enum status
ask_once(struct cloud *c, const struct http_request *r, json_t **out,
	 unsigned *code)
{
	struct buf body;
	enum status st;

	buf_init(&body, CLOUD_PAGE);
	st = http_fetch(c->http, r, &body, code);
	if (st == ST_OK) {
		*out = json_loadb((const char *)body.data, body.len, 0, NULL);
		if (*code == 200 && *out == NULL)
			st = ST_MALFORMED;
	} else {
		snprintf(c->said, SAID, "%s", http_why(c->http));
	}
	buf_fini(&body);
	return st;
}

static enum status
ask(struct cloud *c, const struct http_request *r, json_t **out)
{
	unsigned code = 0;
	enum status st;

	for (unsigned i = 0;; i++) {
		*out = NULL;
		st = ask_once(c, r, out, &code);
		if (st != ST_OK || code == 200)
			break;
		note_error(c, *out, code);
		st = code_of(*out, code);
		if (!wants_rest(*out, code) || i + 1 >= c->tries)
			break;
		json_decref(*out);
		http_rest(c->http, i + 1);
	}
	if (st != ST_OK) {
		json_decref(*out);
		*out = NULL;
	}
	return st;
}

/* The same for content. */
static bool
busy(void *arg, unsigned code, struct span body)
{
	json_t *root = json_loadb((const char *)body.ptr, body.len, 0, NULL);
	bool is = wants_rest(root, code);

	(void)arg;
	json_decref(root);
	return is;
}

static const char *
lacks(void *arg, struct span body, uint8_t *as)
{
	(void)arg;
	(void)body;
	*as = COVER_MALFORMED;
	return "the answer does not hold it";
}

/* ---- pages -----------------------------------------------------------------
 */

static const struct cloud_list *
list_of(const struct cloud *c, unsigned kind, unsigned part)
{
	for (const struct cloud_list *l = c->kind->lists; l->kind != 0; l++)
		if (l->kind == kind && part-- == 0)
			return l;
	return NULL;
}

static unsigned
parts(void *arg, unsigned kind)
{
	unsigned n = 0;

	while (list_of(arg, kind, n) != NULL)
		n++;
	return n;
}

/* The address of a page, and what is posted to it. */
static enum status
make_request(const struct cloud *c, const struct cloud_list *l,
	     const struct tree_place *p, struct buf *url, struct buf *body)
{
	const struct blanks b = {.id = p->id, .want = p->want, .next = p->next};
	bool first = p->next.len == 0;
	const char *form = first ? l->ask : l->more;
	const char *post = first ? l->post : l->more_post;
	enum status st;

	if (form == NULL) {
		st = href_tidy(p->next, url);
		return st == ST_OK && !href_same_site(buf_span(url),
						      buf_span(&c->endpoint))
			   ? ST_MALFORMED
			   : st;
	}
	if (first && p->want.len > 0 && l->one != NULL)
		form = l->one;
	st = buf_add(url, c->endpoint.data, c->endpoint.len);
	if (st == ST_OK)
		st = fill(form, &b, false, url);
	if (st == ST_OK && post != NULL)
		st = fill(post, &b, true, body);
	return st;
}

static enum status
read_answer(struct cloud *c, const struct cloud_list *l,
	    const struct tree_place *p, json_t *root)
{
	json_t *all, *one;
	struct span next = {0};
	enum status st = ST_OK, bad = ST_OK;
	size_t i;

	if (p->want.len > 0 && l->one != NULL)
		return l->entry(c, p, root);
	all = cloud_at(root, l->entries);
	if (all != NULL && !json_is_array(all))
		return ST_MALFORMED;
	json_array_foreach(all, i, one)
	{
		st = l->entry(c, p, one);
		bad = st == ST_OK ? bad : st;
	}
	if (l->next != NULL && (l->go_on == NULL || cloud_true(root, l->go_on)))
		next = cloud_text(root, l->next);
	st = tree_turn(&c->tree, next);
	return st == ST_OK ? bad : st;
}

static enum status
page(void *arg, const struct tree_place *p)
{
	struct cloud *c = arg;
	const struct cloud_list *l = list_of(c, p->kind, p->part);
	struct http_request r = {
	    .sign = sign, .denied = denied, .arg = c, .cap = CLOUD_PAGE};
	struct buf url, body;
	json_t *root = NULL;
	enum status st;

	if (l->ask == NULL)
		return l->entry(c, p, NULL);
	buf_init(&url, URL_CAP);
	buf_init(&body, URL_CAP);
	st = make_request(c, l, p, &url, &body);
	r.url = buf_span(&url);
	r.body = buf_span(&body);
	if (body.len > 0) {
		r.method = "POST";
		r.type = "application/json";
	}
	if (st == ST_OK)
		st = ask(c, &r, &root);
	if (st == ST_OK)
		st = read_answer(c, l, p, root);
	else if (st == ST_NOTFOUND && (l->maybe || l->one != NULL))
		st = ST_OK;
	json_decref(root);
	buf_fini(&url);
	buf_fini(&body);
	return st;
}

void
cloud_add(struct cloud *c, const struct tree_entry *e)
{
	tree_add(&c->tree, e);
}

static enum status
list(void *arg, struct bucket *b)
{
	struct cloud *c = arg;

	return tree_list(&c->tree, b);
}

/* ---- beginning -------------------------------------------------------------
 */

static enum status
set_sites(struct cloud *c, const struct source_target *t,
	  const struct oauth_vendor *v)
{
	struct span own = source_access(t, "endpoint"),
		    content = source_access(t, "content");
	enum status st;

	if (source_option(t, "endpoint").ptr != NULL ||
	    source_option(t, "sign_in").ptr != NULL) {
		target_why(t, "where a secret goes is said by the credential: "
			      "write endpoint and sign_in there");
		return ST_USAGE;
	}
	if (own.len == 0)
		own = span_str(v->endpoint);
	else if (content.len == 0)
		content = own;
	if (content.len == 0)
		content = v->content == NULL ? own : span_str(v->content);
	st = href_tidy(own, &c->endpoint);
	if (st == ST_OK)
		st = href_tidy(content, &c->content);
	if (st == ST_OK &&
	    (!str_starts(own, "https://") || !str_starts(content, "https://")))
		st = ST_USAGE;
	if (st != ST_OK)
		target_why(t, "endpoint of the credential is not written as "
			      "https://HOST[:PORT]");
	/* what is put behind them begins with a slash */
	while (c->endpoint.len > 0 &&
	       c->endpoint.data[c->endpoint.len - 1] == '/')
		c->endpoint.len--;
	while (c->content.len > 0 && c->content.data[c->content.len - 1] == '/')
		c->content.len--;
	return st;
}

/* "contoso.sharepoint.com" is the tenant "contoso.onmicrosoft.com". */
static enum status
set_tenant(const struct source_target *t, const struct url *u, struct buf *to)
{
	struct span named = source_access(t, "tenant");

	if (named.len > 0)
		return buf_add(to, named.ptr, named.len);
	if (u->host.len == 0 ||
	    memmem(u->host.ptr, u->host.len, ".sharepoint.", 12) == NULL)
		return buf_add(to, u->host.ptr, u->host.len);
	return buf_addf(to, "%.*s.onmicrosoft.com", (int)str_find(u->host, '.'),
			(const char *)u->host.ptr);
}

static enum status
set_person(const struct url *u, struct buf *to)
{
	enum status st = ST_OK;

	if (u->user.len == 0)
		return ST_OK;
	st = url_decode(u->user, to);
	if (st == ST_OK)
		st = buf_addf(to, "@%.*s", (int)u->host.len,
			      (const char *)u->host.ptr);
	return st;
}

static const struct oauth_vendor *
choose_vendor(const struct cloud_kind *k, const struct source_target *t)
{
	struct span cloud = source_option(t, "cloud");
	char name[64];

	if (cloud.len == 0)
		return oauth_vendor(k->vendor);
	snprintf(name, sizeof(name), "%s-%.*s", k->vendor,
		 (int)(cloud.len < 20 ? cloud.len : 20),
		 (const char *)cloud.ptr);
	return oauth_vendor(name);
}

static enum status
sign_in(struct cloud *c, const struct source_target *t, const struct url *u,
	const struct http_limits *limits)
{
	struct oauth_order o = {
	    .vendor = choose_vendor(c->kind, t),
	    .scope = c->kind->scope,
	    .access = t->access,
	    .ca = source_access(t, "ca"),
	    .ca_file = source_option(t, "ca_file"),
	    .way = http_target_way(t),
	    .limits = *limits,
	};
	struct buf tenant, person;
	enum status st;

	if (o.vendor == NULL) {
		target_why(t, "the option cloud is us or china, of Microsoft");
		return ST_USAGE;
	}
	buf_init(&tenant, NAME_CAP);
	buf_init(&person, NAME_CAP);
	st = set_sites(c, t, o.vendor);
	if (st == ST_OK && c->kind->by_tenant)
		st = set_tenant(t, u, &tenant);
	if (st == ST_OK && c->kind->for_person)
		st = set_person(u, &person);
	o.tenant = buf_span(&tenant);
	o.subject = buf_span(&person);
	if (st == ST_OK)
		st = oauth_open(&o, &c->oauth, t->why);
	buf_fini(&tenant);
	buf_fini(&person);
	return st;
}

static enum status
set_root(struct cloud *c, const struct url *u)
{
	struct buf path;
	enum status st = url_root(u, &c->root);

	buf_init(&path, NAME_CAP);
	if (st == ST_OK)
		st = url_decode(span_skip(u->path, 1), &path);
	if (st == ST_OK && strcmp(c->kind->root_id, "{host}") == 0)
		st = buf_add(&c->root_id, u->host.ptr, u->host.len);
	else if (st == ST_OK && strcmp(c->kind->root_id, "{host}/{path}") == 0)
		st = buf_addf(&c->root_id, "%.*s/%.*s", (int)u->host.len,
			      (const char *)u->host.ptr, (int)path.len,
			      (const char *)path.data);
	else if (st == ST_OK)
		st = buf_add_str(&c->root_id, c->kind->root_id);
	buf_fini(&path);
	return st;
}

static enum status
plant_tree(struct cloud *c, const struct source_target *t, const struct url *u)
{
	const struct tree_ops ops = {.page = page, .parts = parts, .arg = c};
	struct span bad;
	struct tree_target target = {
	    .path = c->kind->flat ? span_of(NULL, 0) : u->path,
	    .id = url_query(u, "id"),
	    .cursor = t->cursor,
	    .joined = c->kind->joined == NULL ? 0 : c->kind->joined(u->path),
	    .filter = filter_of(t->options, clock_wall_s(clock_system()), &bad),
	    .browse = t->browse,
	};
	enum status st = set_root(c, u);

	if (bad.len > 0) {
		target_why(t, "the option %.*s cannot be read", (int)bad.len,
			   (const char *)bad.ptr);
		return ST_USAGE;
	}
	target.root = buf_span(&c->root);
	if (st == ST_OK)
		st = tree_open(&c->tree, &ops, &target);
	return st == ST_OK
		   ? tree_begin(&c->tree, c->kind->root, buf_span(&c->root_id))
		   : st;
}

static const char *
why(const struct cloud *c)
{
	if (oauth_why(c->oauth)[0] != 0)
		return oauth_why(c->oauth);
	if (c->said[0] != 0)
		return c->said;
	return "what answers is not this service";
}

static enum status
begin(struct cloud *c, const struct source_target *t)
{
	const struct bucket_ops ops = {
	    .list = list,
	    .sign = sign,
	    .denied = denied,
	    .busy = busy,
	    .inner = c->kind->inner,
	    .lacks = lacks,
	    .arg = c,
	    .hops = HOPS,
	};
	enum status st = bucket_open(&c->bucket, c->http, &ops);

	c->bucket.known = t->known;
	c->bucket.strict = true; /* times are set by who writes */
	c->bucket.open_none = t->count || t->browse;
	if (st == ST_OK)
		st = bucket_begin(&c->bucket);
	if (st != ST_OK) {
		target_why(t, "%s", why(c));
		return st == ST_LIMIT || st == ST_MALFORMED ? ST_IO : st;
	}
	if (c->bucket.count == 0 && tree_missed(&c->tree)) {
		target_why(t, "there is nothing of that name");
		return ST_NOTFOUND;
	}
	return ST_OK;
}

static void
init(struct cloud *c, const struct cloud_kind *k)
{
	c->kind = k;
	buf_init(&c->endpoint, HREF_MAX);
	buf_init(&c->content, HREF_MAX);
	buf_init(&c->root, NAME_CAP);
	buf_init(&c->root_id, 2 * NAME_CAP);
}

static enum status
open_session(struct cloud *c, const struct source_target *t,
	     const struct url *u)
{
	struct http_target_use use = {.own_sign = true};
	struct http_limits limits;
	enum status st = http_target_limits(t, &limits);

	if (st == ST_OK)
		st = sign_in(c, t, u, &limits);
	c->tries = limits.tries;
	use.site = buf_span(&c->endpoint);
	return st == ST_OK ? http_target_open(t, &use, &c->http) : st;
}

enum status
cloud_open(const struct cloud_kind *k, const struct source_target *t,
	   struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	struct url u;
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	init(&s->cloud, k);
	st = url_parse(t->path, &u);
	if (st != ST_OK || u.host.len == 0) {
		target_why(t, "the target is not written as %s", k->form);
		st = ST_USAGE;
	}
	if (st == ST_OK)
		st = open_session(&s->cloud, t, &u);
	if (st == ST_OK)
		st = plant_tree(&s->cloud, t, &u);
	if (st == ST_OK)
		st = begin(&s->cloud, t);
	if (st != ST_OK)
		cloud_close(s);
	else
		*out = s;
	return st;
}

/* ---- objects ---------------------------------------------------------------
 */

enum status
cloud_next(struct source *s, struct source_item *item)
{
	struct cloud *c = &s->cloud;
	enum status st = bucket_next(&c->bucket, buf_span(&c->root), item);

	/* the list ended because nobody lets us in any more */
	if (st == ST_OK && item->path.ptr == c->root.data &&
	    oauth_why(c->oauth)[0] != 0)
		item->detail = span_str(oauth_why(c->oauth));
	return st;
}

enum status
cloud_read(struct source *s, void *dst, size_t n, size_t *got)
{
	return bucket_read(&s->cloud.bucket, dst, n, got);
}

enum status
cloud_cursor(const struct source *s, struct buf *to)
{
	return bucket_cursor(&s->cloud.bucket, to);
}

void
cloud_close(struct source *s)
{
	struct cloud *c;

	if (s == NULL)
		return;
	c = &s->cloud;
	bucket_close(&c->bucket);
	tree_close(&c->tree);
	http_close(c->http);
	oauth_close(c->oauth);
	buf_fini(&c->endpoint);
	buf_fini(&c->content);
	buf_fini(&c->root);
	buf_fini(&c->root_id);
	free(s);
}
