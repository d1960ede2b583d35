#include "proxy-agent/source/s3/site.h"

#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/sigv4.h"
#include "proxy-agent/source/bucket/store.h"
#include "proxy-agent/source/http_target.h"
#include "proxy-agent/source/s3/list.h"

/* ---- addresses and signatures ---- */

enum status
s3_site_add(const struct s3_site *s, struct buf *to)
{
	struct span e = buf_span(&s->endpoint), name = buf_span(&s->name);
	struct href u;
	enum status st;

	href_split(e, &u);
	st = buf_addf(to, "%.*s://", (int)u.scheme.len,
		      (const char *)u.scheme.ptr);
	if (st == ST_OK && s->host_style)
		st = buf_addf(to, "%.*s.", (int)name.len,
			      (const char *)name.ptr);
	if (st == ST_OK)
		st = buf_add(to, u.authority.ptr, u.authority.len);
	if (st == ST_OK && !s->host_style) {
		st = buf_add_byte(to, '/');
		if (st == ST_OK)
			st = href_escape(name, "", to);
	}
	return st;
}

enum status
s3_site_sign(void *arg, const struct http_request *r, struct http_lines *to)
{
	const struct s3_site *s = arg;
	const struct sigv4_key k = {
	    .id = pairs_find(s->secrets, "id"),
	    .secret = pairs_find(s->secrets, "secret"),
	    .token = pairs_find(s->secrets, "token"),
	    .region = buf_span(&s->region),
	    .service = span_str("s3"),
	};
	const struct sigv4_request q = {
	    .method = "GET",
	    .url = r->url,
	    .wall_s = clock_wall_s(clock_system()),
	};
	struct sigv4 v;
	enum status st;

	if (k.id.len == 0)
		return ST_OK;
	sigv4_init(&v);
	st = sigv4_sign(&k, &q, &v);
	if (st == ST_OK)
		st = http_line(to, "x-amz-date", span_str(v.date));
	if (st == ST_OK)
		st = http_line(to, "x-amz-content-sha256", span_str(v.body));
	if (st == ST_OK && k.token.len > 0)
		st = http_line(to, "x-amz-security-token", k.token);
	if (st == ST_OK)
		st = http_line(to, "Authorization", buf_span(&v.authorization));
	sigv4_fini(&v);
	return st;
}

/* ---- regions ---- */

static enum status
set_endpoint(struct s3_site *s)
{
	buf_clear(&s->endpoint);
	return buf_addf(&s->endpoint, "https://s3.%.*s.amazonaws.com",
			(int)s->region.len, (const char *)s->region.data);
}

bool
s3_site_move(struct s3_site *s, unsigned code, struct span region)
{
	if (region.len == 0 || span_eq(region, buf_span(&s->region)) ||
	    (code != 301 && code != 307 && code != 400 && code != 403))
		return false;
	for (size_t i = 0; i < region.len; i++)
		if (!str_listed("a b c d e f g h i j k l m n o p q r s t u v w "
				"x y z 0 1 2 3 4 5 6 7 8 9 -",
				span_of(region.ptr + i, 1)))
			return false;
	if (store_set(&s->region, region) != ST_OK)
		return false;
	return !s->amazon || set_endpoint(s) == ST_OK;
}

/* ---- answers ---- */

enum status
s3_site_fetch(struct s3_site *s, struct span url, struct buf *body,
	      struct buf *region, unsigned *code)
{
	const struct http_request r = {
	    .url = url, .sign = s3_site_sign, .arg = s, .cap = body->cap};
	const struct http_reply *reply = NULL;
	struct http_call *c = NULL;
	enum status st = http_start(s->http, &r, &c);

	if (st == ST_OK)
		st = http_whole(c, &reply, body);
	if (reply != NULL)
		*code = reply->code;
	if (st == ST_OK)
		st = store_set(region, http_header(c, "x-amz-bucket-region"));
	if (st == ST_OK)
		s->swift = http_header(c, "x-openstack-request-id").len > 0;
	http_stop(c);
	return st;
}

/* ---- beginning ---- */

static enum status
take_secrets(struct s3_site *s, const struct source_target *t)
{
	enum status st = vault_open(STORE_SECRETS, &s->vault);

	if (st == ST_OK)
		st = store_secret(&s->vault, "id", source_access(t, "user"));
	if (st == ST_OK)
		st = store_secret(&s->vault, "secret",
				  source_access(t, "password"));
	if (st == ST_OK)
		st =
		    store_secret(&s->vault, "token", source_access(t, "token"));
	if (st == ST_OK)
		s->secrets.bytes = vault_span(&s->vault);
	return st;
}

static enum status
choose_endpoint(struct s3_site *s, const struct source_target *t,
		const struct url *u)
{
	struct buf style;
	struct href e;
	enum status st = store_option(t, u, "endpoint", &s->endpoint);

	if (st == ST_OK)
		st = store_option(t, u, "region", &s->region);
	if (st == ST_OK && s->region.len == 0)
		st = store_set(&s->region, span_str("us-east-1"));
	s->amazon = s->endpoint.len == 0;
	if (st == ST_OK && s->amazon)
		st = set_endpoint(s);
	href_split(buf_span(&s->endpoint), &e);
	if (st == ST_OK && (e.authority.len == 0 || href_port(e.scheme) == 0)) {
		target_why(t, "the option endpoint is not written as "
			      "https://HOST[:PORT]");
		return ST_USAGE;
	}
	/* a dot in the name would not fit the certificate of *.s3... */
	s->host_style =
	    s->amazon && memchr(s->name.data, '.', s->name.len) == NULL;
	buf_init(&style, S3_NAME_MAX);
	if (st == ST_OK)
		st = store_option(t, u, "style", &style);
	if (style.len > 0)
		s->host_style = str_is(buf_span(&style), "host");
	buf_fini(&style);
	return st;
}

enum status
s3_site_open(struct s3_site *s, const struct source_target *t,
	     const struct url *u)
{
	struct http_target_use use = {.own_sign = true};
	struct buf site;
	enum status st;

	s->vault.fd = -1;
	buf_init(&s->name, S3_NAME_MAX);
	buf_init(&s->region, S3_NAME_MAX);
	buf_init(&s->endpoint, HREF_MAX);
	buf_init(&site, HREF_MAX);
	st = store_set(&s->name, u->host);
	if (st == ST_OK)
		st = choose_endpoint(s, t, u);
	if (st == ST_OK)
		st = take_secrets(s, t);
	if (st == ST_OK)
		st = s3_site_add(s, &site);
	use.site = buf_span(&site);
	if (st == ST_OK)
		st = http_target_open(t, &use, &s->http);
	buf_fini(&site);
	return st;
}

void
s3_site_close(struct s3_site *s)
{
	http_close(s->http);
	if (s->vault.base != NULL)
		vault_close(&s->vault);
	buf_fini(&s->name);
	buf_fini(&s->region);
	buf_fini(&s->endpoint);
	s->http = NULL;
}
