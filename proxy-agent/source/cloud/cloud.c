#include "proxy-agent/source/cloud/cloud.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/http.h"
#include "proxy-agent/source/cloud/answer.h"
#include "proxy-agent/source/cloud/changes.h"
#include "proxy-agent/source/cloud/form.h"
#include "proxy-agent/source/cloud/json.h"
#include "proxy-agent/source/cloud/site.h"
#include "proxy-agent/source/http_target.h"
#include "source/url.h"

#define URL_CAP  (16 * 1024)
#define NAME_CAP 2048
#define HOPS     3 /* redirects to content */

struct cloud {
	const struct cloud_kind *kind;
	struct http *http;
	struct cloud_site site;
	struct cloud_answer answer;
	struct bucket bucket;
	struct tree tree;
	struct changes *changes;       /* or NULL */
	const struct cloud_list *list; /* whose drive is asked about */
	struct span drive;             /* its id */
	struct buf root, root_id;
};

struct source {
	struct cloud cloud;
};

/* ---- addresses -------------------------------------------------------------
 */

static enum status
url_at(struct span site, const char *form, struct span id, struct buf *to)
{
	const struct cloud_blanks b = {.id = id};
	enum status st = buf_add(to, site.ptr, site.len);

	return st == ST_OK ? cloud_form_url(form, &b, to) : st;
}

enum status
cloud_url(const struct cloud *c, const char *form, struct span id,
	  struct buf *to)
{
	return url_at(buf_span(&c->site.endpoint), form, id, to);
}

enum status
cloud_content_url(const struct cloud *c, const char *form, struct span id,
		  struct buf *to)
{
	return url_at(buf_span(&c->site.content), form, id, to);
}

static enum status
sign(void *arg, const struct http_request *r, struct http_lines *to)
{
	struct cloud *c = arg;

	return cloud_site_sign(&c->site, r, to);
}

static enum status
denied(void *arg, unsigned mark)
{
	struct cloud *c = arg;

	return cloud_site_denied(&c->site, mark);
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
	const struct cloud_blanks b = {
	    .id = p->id, .want = p->want, .next = p->next};
	bool first = p->next.len == 0;
	const char *form = first ? l->ask : l->more;
	const char *post = first ? l->post : l->more_post;
	enum status st;

	if (form == NULL) {
		st = href_tidy(p->next, url);
		return st == ST_OK &&
			       !href_same_site(buf_span(url),
					       buf_span(&c->site.endpoint))
			   ? ST_MALFORMED
			   : st;
	}
	if (first && p->want.len > 0 && l->one != NULL)
		form = l->one;
	st = buf_add(url, c->site.endpoint.data, c->site.endpoint.len);
	if (st == ST_OK)
		st = cloud_form_url(form, &b, url);
	if (st == ST_OK && post != NULL)
		st = cloud_form_json(post, &b, body);
	return st;
}

/* What the next page is asked by; empty: this was the last. */
static enum status
next_of(const struct cloud_list *l, json_t *root, struct span *next)
{
	json_t *v;

	if (l->next == NULL ||
	    (l->go_on != NULL && !cloud_true(root, l->go_on)))
		return ST_OK;
	v = cloud_at(root, l->next);
	*next = cloud_text(root, l->next);
	if (l->go_on != NULL && next->len == 0)
		return ST_MALFORMED;
	return v == NULL || json_is_null(v) || json_is_string(v) ? ST_OK
								 : ST_MALFORMED;
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
	if (!json_is_object(root) ||
	    (!json_is_array(all) && !(all == NULL && l->sparse)))
		return ST_MALFORMED;
	json_array_foreach(all, i, one)
	{
		st = l->entry(c, p, one);
		bad = st == ST_OK ? bad : st;
	}
	st = next_of(l, root, &next);
	if (st == ST_OK)
		st = tree_turn(&c->tree, next);
	return st == ST_OK ? bad : st;
}

static enum status
ask(struct cloud *c, const struct cloud_list *l, const struct tree_place *p,
    json_t **root)
{
	struct http_request r = {
	    .sign = sign, .denied = denied, .arg = c, .cap = CLOUD_PAGE};
	struct buf url, body;
	enum status st;

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
		st = cloud_answer_ask(&c->answer, &r, root);
	buf_fini(&url);
	buf_fini(&body);
	return st;
}

/* ---- the same out of a mirror ---- */

static enum status
ask_changes(void *arg, const struct cloud_changes *how, struct span at,
	    json_t **out)
{
	struct cloud *c = arg;
	const struct cloud_list l = {
	    .ask = c->list->all,
	    .post = c->list->all_post,
	    .more = how->more,
	    .more_post = how->more_post,
	};
	const struct tree_place p = {.id = c->drive, .next = at};

	return ask(c, &l, &p, out);
}

/* A walk that goes on has to go on in the order that it began in. */
static enum status
enter_drive(struct cloud *c, const struct cloud_list *l,
	    const struct tree_place *p)
{
	const bool again = c->tree.skipping;
	struct buf name;
	enum status st;

	c->tree.mirrored = false;
	if (l->all == NULL || p->want.len > 0 ||
	    (again && !c->tree.was_mirrored)) {
		changes_leave(c->changes);
		return ST_UNSUPPORTED;
	}
	c->list = l;
	c->drive = p->id;
	buf_init(&name, 2 * NAME_CAP);
	st = buf_addf(&name, "%u ", p->kind);
	if (st == ST_OK)
		st = buf_add(&name, p->id.ptr, p->id.len);
	if (st == ST_OK)
		st = changes_enter(c->changes, l->changes, buf_span(&name));
	buf_fini(&name);
	c->tree.mirrored = st == ST_OK;
	return again && st == ST_UNSUPPORTED ? ST_IO : st;
}

static enum status
add_text(struct cloud *c, const struct cloud_list *l,
	 const struct tree_place *p, struct span text)
{
	json_t *o = json_loadb((const char *)text.ptr, text.len, 0, NULL);
	enum status st = o == NULL ? ST_MALFORMED : l->entry(c, p, o);

	json_decref(o);
	return st;
}

/* ST_UNSUPPORTED: there is none of this drive. */
static enum status
mirror_page(struct cloud *c, const struct cloud_list *l,
	    const struct tree_place *p)
{
	enum status st = ST_OK, bad = ST_OK;
	struct span key, text;
	uint64_t from = 0, n = 0;
	char next[24] = "";

	if (c->changes == NULL || l->changes == NULL)
		return ST_UNSUPPORTED;
	key = l->changes->key(p->id);
	if (key.len == 0 && p->next.len == 0)
		st = enter_drive(c, l, p);
	if (st != ST_OK || !changes_within(c->changes))
		return st == ST_OK ? ST_UNSUPPORTED : st;
	if (p->next.len > 0 &&
	    str_to_u64(p->next, 0, UINT32_MAX, &from) != ST_OK)
		return ST_MALFORMED;
	while (n < CHANGES_PAGE &&
	       changes_child(c->changes, key, (size_t)(from + n), &text)) {
		st = add_text(c, l, p, text);
		bad = st == ST_OK ? bad : st;
		n++;
	}
	from += n;
	if (n == CHANGES_PAGE)
		snprintf(next, sizeof(next), "%llu", (unsigned long long)from);
	st = tree_turn(&c->tree, span_str(next));
	return st == ST_OK ? bad : st;
}

static enum status
page(void *arg, const struct tree_place *p)
{
	struct cloud *c = arg;
	const struct cloud_list *l = list_of(c, p->kind, p->part);
	json_t *root = NULL;
	enum status st;

	if (l->ask == NULL)
		return l->entry(c, p, NULL);
	st = mirror_page(c, l, p);
	if (st != ST_UNSUPPORTED)
		return st;
	st = ask(c, l, p, &root);
	if (st == ST_OK)
		st = read_answer(c, l, p, root);
	else if (st == ST_NOTFOUND && (l->maybe || l->one != NULL))
		st = ST_OK;
	json_decref(root);
	return st;
}

void
cloud_keep_only(json_t *o, const char *const *names)
{
	const char *name;
	json_t *v;
	void *next;

	json_object_foreach_safe(o, next, name, v)
	{
		size_t i = 0;

		(void)v;
		while (names[i] != NULL && strcmp(names[i], name) != 0)
			i++;
		if (names[i] == NULL)
			(void)json_object_del(o, name);
	}
}

void
cloud_add(struct cloud *c, const struct tree_entry *e)
{
	tree_add(&c->tree, e);
}

enum status
cloud_add_named(struct cloud *c, unsigned kind, json_t *o)
{
	const struct tree_entry e = {.kind = kind,
				     .id = cloud_text(o, "id"),
				     .name = cloud_text(o, "name")};

	if (e.id.len == 0 || e.name.len == 0)
		return ST_MALFORMED;
	cloud_add(c, &e);
	return ST_OK;
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

	if (st == ST_OK && c->kind->search != NULL)
		st = c->kind->search(t, &c->root_id);
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
	if (oauth_why(c->site.oauth)[0] != 0)
		return oauth_why(c->site.oauth);
	if (c->answer.said[0] != 0)
		return c->answer.said;
	return "what answers is not this service";
}

static enum status
begin(struct cloud *c, const struct source_target *t)
{
	const struct bucket_ops ops = {
	    .list = list,
	    .sign = sign,
	    .denied = denied,
	    .busy = cloud_answer_busy,
	    .inner = c->kind->inner,
	    .lacks = lacks,
	    .arg = c,
	    .hops = HOPS,
	};
	struct span token;
	enum status st = bucket_open(&c->bucket, c->http, &ops);

	c->bucket.known = t->known;
	c->bucket.strict = true; /* times are set by who writes */
	c->bucket.open_none = t->count || t->browse;
	/* the first list may be one that nobody is asked for */
	if (st == ST_OK)
		st = oauth_token(c->site.oauth, &token);
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

/* A person is not told of what he may see now and might not before. */
static enum status
open_changes(struct cloud *c, const struct source_target *t)
{
	const struct changes_ops ops = {ask_changes, c};

	if (c->kind->for_all && (source_access(t, "token").len > 0 ||
				 source_access(t, "refresh_token").len > 0))
		return ST_OK;
	return changes_open(t, &ops, &c->changes);
}

static void
init(struct cloud *c, const struct cloud_kind *k)
{
	c->kind = k;
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
		st = cloud_site_open(&c->site, c->kind, t, u, &limits);
	use.site = buf_span(&c->site.endpoint);
	if (st == ST_OK)
		st = http_target_open(t, &use, &c->http);
	if (st == ST_OK)
		c->answer = (struct cloud_answer){.http = c->http,
						  .tries = limits.tries};
	return st;
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
		st = open_changes(&s->cloud, t);
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

	if (st == ST_EOF && c->changes != NULL && c->bucket.trouble == ST_OK)
		changes_keep(c->changes);
	/* the list ended because nobody lets us in any more */
	if (st == ST_OK && item->path.ptr == c->root.data &&
	    oauth_why(c->site.oauth)[0] != 0)
		item->detail = span_str(oauth_why(c->site.oauth));
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
	changes_close(c->changes);
	http_close(c->http);
	cloud_site_close(&c->site);
	buf_fini(&c->root);
	buf_fini(&c->root_id);
	free(s);
}
