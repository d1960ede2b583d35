#include "proxy-agent/session/http.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/must.h"
#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/http_proxy.h"
#include "proxy-agent/session/http_state.h"

#define VALUE_MAX (256 * 1024) /* bytes of one secret or name */

const struct http_limits http_limits_default = {
    .connect_ms = 15000,
    .stall_ms = 60000,
    .tries = 5,
    .pause_ms = 500,
    .pause_max_ms = 120000,
    .calls = 8,
    .per_second = 0,
    .resumes = 3,
};

static const struct {
	const char *name;
	size_t at;
	bool time; /* "30s" */
	uint32_t low, high;
} limit_rows[] = {
#define LIMIT(name, field, time, low, high)                                    \
	{                                                                      \
		name, offsetof(struct http_limits, field), time, low, high     \
	}
    LIMIT("connect_timeout", connect_ms, true, 100, 600000),
    LIMIT("timeout", stall_ms, true, 100, 3600000),
    LIMIT("tries", tries, false, 1, 100),
    LIMIT("pause", pause_ms, true, 1, 600000),
    LIMIT("pause_max", pause_max_ms, true, 1, 3600000),
    LIMIT("sessions", calls, false, 1, HTTP_CALLS_MAX),
    LIMIT("rate", per_second, false, 0, 100000),
    LIMIT("resumes", resumes, false, 0, 1000),
#undef LIMIT
};

enum status
http_limit_set(struct http_limits *l, const char *name, struct span value)
{
	uint64_t v = 0;
	uint32_t is;
	enum status st;

	for (size_t i = 0; i < sizeof(limit_rows) / sizeof(limit_rows[0]);
	     i++) {
		if (strcmp(limit_rows[i].name, name) != 0)
			continue;
		st = limit_rows[i].time ? str_to_duration(value, &v)
					: str_to_u64(value, 0, UINT32_MAX, &v);
		if (st != ST_OK)
			return st;
		if (v < limit_rows[i].low || v > limit_rows[i].high)
			return ST_LIMIT;
		is = (uint32_t)v;
		memcpy((char *)l + limit_rows[i].at, &is, sizeof(is));
		return ST_OK;
	}
	return ST_NOTFOUND;
}

uint64_t
http_now(void)
{
	return clock_mono_ms(clock_system());
}

/* ---- beginning and end -----------------------------------------------------
 */

enum status
http_keep(struct buf *to, struct span value)
{
	enum status st;

	buf_init(to, VALUE_MAX);
	if (value.len == 0)
		return ST_OK;
	if (memchr(value.ptr, 0, value.len) != NULL ||
	    memchr(value.ptr, '\n', value.len) != NULL ||
	    memchr(value.ptr, '\r', value.len) != NULL)
		return ST_MALFORMED;
	st = buf_add(to, value.ptr, value.len);
	return st == ST_OK ? buf_add_byte(to, 0) : st;
}

static enum status
keep_all(struct http *h, const struct http_options *o)
{
	const struct {
		struct buf *to;
		struct span value;
	} rows[] = {
	    {&h->site, o->site},
	    {&h->user, o->user},
	    {&h->password, o->password},
	    {&h->token, o->token},
	    {&h->cookie, o->cookie},
	    {&h->ca_file, o->ca_file},
	    {&h->agent,
	     o->agent.len > 0 ? o->agent : span_str("trawl/" TRAWL_VERSION)},
	};
	enum status st = ST_OK;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum status one = http_keep(rows[i].to, rows[i].value);

		st = st == ST_OK ? one : st;
	}
	buf_init(&h->ca, VALUE_MAX);
	return st == ST_OK ? buf_add(&h->ca, o->ca.ptr, o->ca.len) : st;
}

static unsigned long
auth_of(unsigned set)
{
	unsigned long auth = 0;

	if (set == HTTP_ANY || (set & HTTP_BASIC) != 0)
		auth |= CURLAUTH_BASIC;
	if (set == HTTP_ANY || (set & HTTP_DIGEST) != 0)
		auth |= CURLAUTH_DIGEST;
	if (set == HTTP_ANY || (set & HTTP_NTLM) != 0)
		auth |= CURLAUTH_NTLM;
	return auth;
}

static enum status
keep_host(struct http *h, struct span site)
{
	struct href u;
	struct href_place p;
	enum status st;

	href_split(site, &u);
	st = href_place(u.authority, &p);
	return st == ST_OK ? buf_add(&h->host, p.host.ptr, p.host.len) : st;
}

static enum status
open_handles(struct http *h)
{
	static const curl_lock_data shared[] = {CURL_LOCK_DATA_COOKIE,
						CURL_LOCK_DATA_DNS,
						CURL_LOCK_DATA_SSL_SESSION};

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return ST_NOMEM;
	h->multi = curl_multi_init();
	h->share = curl_share_init();
	if (h->multi == NULL || h->share == NULL)
		return ST_NOMEM;
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
		if (curl_share_setopt(h->share, CURLSHOPT_SHARE, shared[i]) !=
		    CURLSHE_OK)
			return ST_NOMEM;
	return ST_OK;
}

enum status
http_open(const struct http_options *o, struct http **out)
{
	struct http *h = calloc(1, sizeof(*h));
	enum status st;

	if (h == NULL)
		return ST_NOMEM;
	buf_init(&h->host, HREF_MAX);
	st = keep_all(h, o);
	if (st == ST_OK)
		st = keep_host(h, o->site);
	if (st == ST_OK)
		st = http_proxy_keep(h, &o->way);
	if (st == ST_OK)
		st = open_handles(h);
	if (st != ST_OK) {
		http_close(h);
		return st;
	}
	h->limits = o->limits;
	h->pace = o->pace;
	must(h->limits.tries > 0 && h->limits.calls > 0 &&
	     h->limits.calls <= HTTP_CALLS_MAX);
	h->auth = auth_of(o->auth);
	h->any_certificate = o->any_certificate;
	h->room = h->limits.calls;
	*out = h;
	return ST_OK;
}

static void
close_call(struct http_call *c)
{
	http_stop(c);
	if (c->easy != NULL)
		curl_easy_cleanup(c->easy);
	free(c->ring);
}

void
http_close(struct http *h)
{
	struct buf *const all[] = {
	    h == NULL ? NULL : &h->site,    h == NULL ? NULL : &h->host,
	    h == NULL ? NULL : &h->user,    h == NULL ? NULL : &h->password,
	    h == NULL ? NULL : &h->token,   h == NULL ? NULL : &h->cookie,
	    h == NULL ? NULL : &h->ca_file, h == NULL ? NULL : &h->agent,
	    h == NULL ? NULL : &h->ca,
	};

	if (h == NULL)
		return;
	for (size_t i = 0; i < HTTP_CALLS_MAX; i++)
		close_call(&h->calls[i]);
	if (h->multi != NULL)
		curl_multi_cleanup(h->multi);
	if (h->share != NULL)
		curl_share_cleanup(h->share);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		buf_fini(all[i]);
	http_proxy_drop(h);
	free(h);
}

/* ---- what others ask -------------------------------------------------------
 */

const char *
http_why(const struct http *h)
{
	return h->why;
}

bool
http_is_refused(const struct http *h)
{
	return h->refused >= HTTP_REFUSALS;
}

unsigned
http_room(const struct http *h)
{
	return h->room;
}

void
http_rest(const struct http *h, unsigned vain)
{
	uint64_t ms = (uint64_t)h->limits.pause_ms << (vain < 16 ? vain : 16);
	struct timespec t;

	if (ms > h->limits.pause_max_ms)
		ms = h->limits.pause_max_ms;
	t.tv_sec = (time_t)(ms / 1000);
	t.tv_nsec = (long)(ms % 1000) * 1000000;
	nanosleep(&t, NULL); /* a signal: go on a little early */
}

enum status
http_code(unsigned code)
{
	static const struct {
		unsigned code;
		enum status st;
	} rows[] = {
	    {401, ST_DENIED}, {403, ST_DENIED}, {404, ST_NOTFOUND},
	    {407, ST_DENIED}, {408, ST_AGAIN},  {410, ST_NOTFOUND},
	    {416, ST_EOF},    {423, ST_DENIED}, {429, ST_AGAIN},
	    {451, ST_DENIED}, {503, ST_AGAIN},  {504, ST_TIMEOUT},
	    {507, ST_FULL},
	};

	if (code >= 200 && code < 300)
		return ST_OK;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].code == code)
			return rows[i].st;
	return ST_IO;
}

enum status
http_fetch(struct http *h, const struct http_request *r, struct buf *body,
	   unsigned *code)
{
	const struct http_reply *reply = NULL;
	struct http_call *c;
	enum status st = http_start(h, r, &c);

	if (st != ST_OK)
		return st;
	st = http_whole(c, &reply, body);
	if (reply != NULL)
		*code = reply->code;
	http_stop(c);
	return st;
}
