#include "proxy-agent/source/azure/site.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/must.h"
#include "base/str.h"
#include "proxy-agent/session/azure_key.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/bucket/store.h"
#include "proxy-agent/source/http_target.h"

#define NAME_MAX_    256
#define VERSION      "2020-10-02" /* of the services' reference */
#define ERROR_HEADER "x-ms-error-code"

/* ---- requests ---- */

static enum status
authorize(const struct azure_site *a, const struct http_request *r,
	  struct http_lines *to, const char *date)
{
	const struct azure_key k = {
	    .account = buf_span(&a->account),
	    .key = pairs_find(a->secrets, "key"),
	    .table = a->table,
	    .lite = a->lite,
	};
	struct azure_request q = {
	    .url = r->url,
	    .date = span_str(date),
	    .version = span_str(VERSION),
	    .if_match = http_lines_match(to),
	    .if_unmodified_since = http_lines_since(to),
	};
	struct buf text;
	char range[40];
	enum status st;

	if (k.key.len == 0)
		return ST_OK;
	snprintf(range, sizeof(range), "bytes=%llu-",
		 (unsigned long long)http_lines_from(to));
	if (http_lines_from(to) > 0)
		q.range = span_str(range);
	buf_init(&text, 4096);
	st = azure_key_sign(&k, &q, &text);
	if (st == ST_OK)
		st = http_line(to, "Authorization", buf_span(&text));
	buf_fini(&text);
	return st;
}

enum status
azure_site_sign(void *arg, const struct http_request *r, struct http_lines *to)
{
	const struct azure_site *a = arg;
	time_t at = (time_t)clock_wall_s(clock_system());
	char date[40];
	struct tm tm;
	enum status st;

	must(gmtime_r(&at, &tm) != NULL);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	st = http_line(to, "x-ms-date", span_str(date));
	if (st == ST_OK)
		st = http_line(to, "x-ms-version", span_str(VERSION));
	if (st == ST_OK && a->table)
		st = http_line(to, "Accept",
			       span_str("application/json;"
					"odata=minimalmetadata"));
	return st == ST_OK ? authorize(a, r, to, date) : st;
}

enum status
azure_site_sas(const struct azure_site *a, struct buf *url)
{
	struct span sas = pairs_find(a->secrets, "sas");
	bool first = memchr(url->data, '?', url->len) == NULL;

	if (sas.len == 0)
		return ST_OK;
	return buf_addf(url, "%c%.*s", first ? '?' : '&', (int)sas.len,
			(const char *)sas.ptr);
}

void
azure_answer_init(struct azure_answer *a)
{
	memset(a, 0, sizeof(*a));
	buf_init(&a->body, AZURE_ANSWER_MAX);
}

void
azure_answer_fini(struct azure_answer *a)
{
	buf_fini(&a->body);
}

static enum status
take_head(const struct http_call *c, struct azure_answer *out)
{
	enum status st = ST_OK;

	(void)!str_copy(out->error, sizeof(out->error),
			http_header(c, ERROR_HEADER));
	for (size_t i = 0; i < out->wants && st == ST_OK; i++)
		st = store_set(out->want[i].to,
			       http_header(c, out->want[i].header));
	return st;
}

enum status
azure_site_ask(struct azure_site *a, struct span url, struct azure_answer *out)
{
	const struct http_request r = {.url = url,
				       .sign = azure_site_sign,
				       .arg = a,
				       .cap = AZURE_ANSWER_MAX};
	const struct http_reply *reply = NULL;
	struct http_call *c = NULL;
	enum status st;

	out->code = 0;
	buf_clear(&out->body);
	st = http_start(a->http, &r, &c);
	if (st == ST_OK)
		st = http_whole(c, &reply, &out->body);
	if (reply != NULL)
		out->code = reply->code;
	if (st == ST_OK)
		st = take_head(c, out);
	http_stop(c);
	return st == ST_OK ? http_code(out->code) : st;
}

/* ---- beginning and end ---- */

static enum status
choose_endpoint(struct azure_site *a, const struct source_target *t,
		const char *service)
{
	enum status st = store_option(t, &a->url, "endpoint", &a->endpoint);
	struct href u;

	if (st == ST_OK && a->endpoint.len == 0)
		st = buf_addf(&a->endpoint, "https://%.*s.%s.core.windows.net",
			      (int)a->account.len,
			      (const char *)a->account.data, service);
	while (a->endpoint.len > 0 &&
	       a->endpoint.data[a->endpoint.len - 1] == '/')
		a->endpoint.len--;
	href_split(buf_span(&a->endpoint), &u);
	if (st == ST_OK &&
	    (u.authority.len == 0 || href_port(u.scheme) == 0 || u.has_query)) {
		target_why(t, "the option endpoint is not written as "
			      "https://HOST[:PORT][/PATH]");
		return ST_USAGE;
	}
	return st;
}

static enum status
take_secrets(struct azure_site *a, const struct source_target *t)
{
	struct span sas = source_access(t, "token");
	enum status st = vault_open(STORE_SECRETS, &a->vault);

	if (sas.len > 0 && sas.ptr[0] == '?')
		sas = span_skip(sas, 1); /* as the portal shows it */
	if (st == ST_OK)
		st = store_secret(&a->vault, "sas", sas);
	/* a SAS says all of it: it is not signed on top */
	if (st == ST_OK && sas.len == 0)
		st = store_secret(&a->vault, "key",
				  source_access(t, "password"));
	if (st == ST_OK)
		a->secrets.bytes = vault_span(&a->vault);
	if (st == ST_OK && sas.len > 0)
		st = store_in_clear(t, buf_span(&a->endpoint), "the SAS");
	return st;
}

static enum status
choose_signature(struct azure_site *a, const struct source_target *t)
{
	struct buf word;
	enum status st;

	buf_init(&word, NAME_MAX_);
	st = store_option(t, &a->url, "signature", &word);
	a->lite = str_is(buf_span(&word), "lite");
	if (st == ST_OK && word.len > 0 && !a->lite &&
	    !str_is(buf_span(&word), "full")) {
		target_why(t, "the option signature is full or lite");
		st = ST_USAGE;
	}
	buf_fini(&word);
	return st;
}

enum status
azure_site_open(struct azure_site *a, const struct source_target *t,
		const char *service)
{
	struct http_target_use use = {.own_sign = true};
	struct url *u = &a->url;
	enum status st = url_parse(t->path, u);

	a->vault.fd = -1;
	buf_init(&a->account, NAME_MAX_);
	buf_init(&a->endpoint, HREF_MAX);
	buf_init(&a->root, HREF_MAX);
	a->table = strcmp(service, "table") == 0;
	if (st != ST_OK || u->host.len == 0) {
		target_why(t, "the target is not written as "
			      "azure://ACCOUNT/NAME?endpoint=URL");
		return ST_USAGE;
	}
	st = store_set(&a->account, u->host);
	if (st == ST_OK)
		st = buf_addf(&a->root, "%.*s://%.*s/", (int)u->scheme.len,
			      (const char *)u->scheme.ptr, (int)u->host.len,
			      (const char *)u->host.ptr);
	if (st == ST_OK)
		st = choose_endpoint(a, t, service);
	if (st == ST_OK)
		st = choose_signature(a, t);
	if (st == ST_OK)
		st = take_secrets(a, t);
	use.site = buf_span(&a->endpoint);
	return st == ST_OK ? http_target_open(t, &use, &a->http) : st;
}

void
azure_site_close(struct azure_site *a)
{
	http_close(a->http);
	if (a->vault.base != NULL)
		vault_close(&a->vault);
	buf_fini(&a->account);
	buf_fini(&a->endpoint);
	buf_fini(&a->root);
	a->http = NULL;
}

enum status
azure_site_thing(const struct azure_site *a, struct buf *to, struct span *rest)
{
	struct span s = span_skip(a->url.path, 1);
	size_t n = str_find(s, '/');

	*rest = span_skip(s, n + 1);
	buf_clear(to);
	return url_decode(span_of(s.ptr, n), to);
}

void
azure_site_why(const struct azure_site *a, const struct source_target *t,
	       const struct azure_answer *got)
{
	static const struct {
		unsigned code;
		const char *why;
	} rows[] = {
	    {400, "the service did not understand"},
	    {401, "the service refused this key or SAS"},
	    {403, "the service refused: the key or SAS is wrong or has run "
		  "out, may not list this, or may not come from here"},
	    {404, "the account holds nothing of that name, or keeps it from "
		  "strangers"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].code == got->code) {
			target_why(t, "%s (%s)", rows[i].why,
				   got->error[0] != 0 ? got->error
						      : "it says no more");
			return;
		}
	if (http_why(a->http)[0] == 0 && got->code >= 300)
		target_why(t, "the service answered %u", got->code);
	else
		target_why(t, "%s",
			   http_why(a->http)[0] != 0 ? http_why(a->http)
						     : "what answers is no "
						       "service of Azure "
						       "Storage");
}
