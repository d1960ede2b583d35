#include "proxy-agent/source/cloud/site.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/cloud/cloud.h"
#include "proxy-agent/source/http_target.h"

#define NAME_CAP 2048

/* ---- beginning ---- */

static enum status
set_sites(struct cloud_site *s, const struct source_target *t,
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
	st = href_tidy(own, &s->endpoint);
	if (st == ST_OK)
		st = href_tidy(content, &s->content);
	if (st == ST_OK &&
	    (!str_starts(own, "https://") || !str_starts(content, "https://")))
		st = ST_USAGE;
	if (st != ST_OK)
		target_why(t, "endpoint of the credential is not written as "
			      "https://HOST[:PORT]");
	/* what is put behind them begins with a slash */
	while (s->endpoint.len > 0 &&
	       s->endpoint.data[s->endpoint.len - 1] == '/')
		s->endpoint.len--;
	while (s->content.len > 0 && s->content.data[s->content.len - 1] == '/')
		s->content.len--;
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

enum status
cloud_site_open(struct cloud_site *s, const struct cloud_kind *k,
		const struct source_target *t, const struct url *u,
		const struct http_limits *limits)
{
	struct oauth_order o = {
	    .vendor = choose_vendor(k, t),
	    .scope = k->scope,
	    .access = t->access,
	    .renewal = t->renewal,
	    .ca = source_access(t, "ca"),
	    .ca_file = source_option(t, "ca_file"),
	    .way = http_target_way(t),
	    .limits = *limits,
	};
	struct buf tenant, person;
	enum status st;

	buf_init(&s->endpoint, HREF_MAX);
	buf_init(&s->content, HREF_MAX);
	if (o.vendor == NULL) {
		target_why(t, "the option cloud is us or china, of Microsoft");
		return ST_USAGE;
	}
	buf_init(&tenant, NAME_CAP);
	buf_init(&person, NAME_CAP);
	st = set_sites(s, t, o.vendor);
	if (st == ST_OK && k->by_tenant)
		st = set_tenant(t, u, &tenant);
	if (st == ST_OK && k->for_person)
		st = set_person(u, &person);
	o.tenant = buf_span(&tenant);
	o.subject = buf_span(&person);
	if (st == ST_OK)
		st = oauth_open(&o, &s->oauth, t->why);
	buf_fini(&tenant);
	buf_fini(&person);
	return st;
}

void
cloud_site_close(struct cloud_site *s)
{
	oauth_close(s->oauth);
	s->oauth = NULL;
	buf_fini(&s->endpoint);
	buf_fini(&s->content);
}

/* ---- requests ---- */

enum status
cloud_site_sign(void *arg, const struct http_request *r, struct http_lines *to)
{
	const struct cloud_site *s = arg;

	if (!href_same_site(r->url, buf_span(&s->endpoint)) &&
	    !href_same_site(r->url, buf_span(&s->content)))
		return ST_OK; /* content somewhere else: it knows no token */
	return oauth_sign(s->oauth, to);
}

enum status
cloud_site_denied(void *arg, unsigned mark)
{
	const struct cloud_site *s = arg;

	return oauth_denied(s->oauth, mark);
}
