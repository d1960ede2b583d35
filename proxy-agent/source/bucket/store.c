#include "proxy-agent/source/bucket/store.h"

#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/net.h"
#include "proxy-agent/source/http_target.h"

#define FLAG_MAX 64

enum status
store_set(struct buf *to, struct span s)
{
	buf_clear(to);
	return buf_add(to, s.ptr, s.len);
}

enum status
store_param(struct buf *to, const char *name, struct span value)
{
	bool first = to->len == 0 || memchr(to->data, '?', to->len) == NULL;
	enum status st = buf_addf(to, "%c%s=", first ? '?' : '&', name);

	return st == ST_OK ? href_escape(value, "", to) : st;
}

enum status
store_option(const struct source_target *t, const struct url *u,
	     const char *name, struct buf *to)
{
	struct span v = url_query(u, name);

	buf_clear(to);
	if (v.ptr != NULL)
		return url_decode(v, to);
	v = source_option(t, name);
	return buf_add(to, v.ptr, v.len);
}

enum status
store_flag(const struct source_target *t, const struct url *u, const char *name,
	   bool *out)
{
	struct buf flag;
	enum status st;

	buf_init(&flag, FLAG_MAX);
	st = store_option(t, u, name, &flag);
	if (st == ST_OK && flag.len > 0)
		st = str_to_bool(buf_span(&flag), out);
	buf_fini(&flag);
	if (st == ST_OK)
		return ST_OK;
	target_why(t, "the option %s is yes or no", name);
	return ST_USAGE;
}

enum status
store_filter(const struct source_target *t, struct filter *out)
{
	struct span bad;

	*out = filter_of(t->options, clock_wall_s(clock_system()), &bad);
	if (bad.len == 0)
		return ST_OK;
	target_why(t, "the option %.*s is not a value that it may have",
		   (int)bad.len, (const char *)bad.ptr);
	return ST_USAGE;
}

enum status
store_bucket(const struct source_target *t, struct http *http,
	     const struct bucket_ops *ops, struct bucket *out)
{
	enum status st = bucket_open(out, http, ops);

	out->known = t->known;
	out->open_none = t->count || t->browse;
	out->filtered = true;
	return st == ST_OK ? store_filter(t, &out->filter) : st;
}

struct span
store_below(struct span prefix, struct span key)
{
	size_t n = prefix.len;

	while (n > 0 && prefix.ptr[n - 1] != '/')
		n--;
	return span_skip(key, n);
}

enum status
store_path(const struct store_path *p, struct buf *to)
{
	enum status st = buf_add(to, p->root.ptr, p->root.len);
	bool query = p->query.len > 0;

	if (st == ST_OK)
		st = url_encode(p->key, to);
	if (st == ST_OK && query)
		st = buf_addf(to, "?%.*s", (int)p->query.len,
			      (const char *)p->query.ptr);
	if (st == ST_OK && p->value.len > 0) {
		st = buf_addf(to, "%c%s=", query ? '&' : '?', p->name);
		if (st == ST_OK)
			st = href_escape(p->value, "", to);
	}
	return st;
}

enum status
store_secret(struct vault *v, const char *as, struct span value)
{
	if (value.len == 0)
		return ST_OK;
	return pairs_add(v->base, v->room, &v->len, span_str(as), value);
}

enum status
store_in_clear(const struct source_target *t, struct span site,
	       const char *what)
{
	struct href_place p;
	struct href u;

	href_split(site, &u);
	if (!str_is(u.scheme, "http") ||
	    str_is(source_option(t, "tls"), "no") ||
	    href_place(u.authority, &p) != ST_OK || net_is_here(p.host))
		return ST_OK;
	target_why(
	    t,
	    "%s would cross the network in clear: use TLS to reach %.*s, "
	    "or say tls=no",
	    what, (int)p.host.len, (const char *)p.host.ptr);
	return ST_USAGE;
}
