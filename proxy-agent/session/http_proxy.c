#include "proxy-agent/session/http_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/str.h"
#include "proxy-agent/session/guard.h"
#include "proxy-agent/session/href.h"

/* ---- where it may lead --------------------------------------------------- */

static const struct {
	const char *name; /* that host, and all below it */
	const char *why;
} names[] = {
    {"localhost", "the proxy's own machine"},
    {"metadata.google.internal", "the metadata service of a cloud"},
    {"metadata.goog", "the metadata service of a cloud"},
    {"instance-data", "the metadata service of a cloud"},
};

static bool
is_below(struct span host, struct span name)
{
	return host.len > name.len &&
	       host.ptr[host.len - name.len - 1] == '.' &&
	       span_eq(span_skip(host, host.len - name.len), name);
}

static const char *
name_refuses(struct span host)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_is(host, names[i].name) ||
		    is_below(host, span_str(names[i].name)))
			return names[i].why;
	return NULL;
}

/* "2130706433" and "0x7f.1" are addresses for some. */
static bool
is_number(struct span host)
{
	struct span part = {0};

	while (str_next(&host, '.', &part) && host.len > 0)
		continue;
	return part.len > 0 && part.ptr[0] >= '0' && part.ptr[0] <= '9';
}

const char *
http_proxy_refuses(struct span host, struct span home)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} a = {0};
	char text[INET6_ADDRSTRLEN];

	while (host.len > 0 && host.ptr[host.len - 1] == '.')
		host.len--;
	if (span_eq(host, home))
		return NULL;
	if (str_copy(text, sizeof(text), host) != ST_OK)
		return name_refuses(host);
	if (inet_pton(AF_INET, text, &a.v4.sin_addr) == 1)
		a.any.sa_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &a.v6.sin6_addr) == 1)
		a.any.sa_family = AF_INET6;
	else
		return is_number(host) ? "an address that is not written as one"
				       : name_refuses(host);
	return guard_refuses(&a.any, home, host);
}

/* ---- what is kept -------------------------------------------------------- */

static enum status
keep_host(struct http_proxy *p, struct span url)
{
	struct href_place place;
	struct href u;

	href_split(url, &u);
	p->tls = str_starts(url, "https://");
	if ((!p->tls && !str_starts(url, "http://")) ||
	    href_place(u.authority, &place) != ST_OK || place.host.len == 0 ||
	    memchr(u.authority.ptr, '@', u.authority.len) != NULL)
		return ST_USAGE;
	return buf_add(&p->host, place.host.ptr, place.host.len);
}

enum status
http_proxy_keep(struct http *h, const struct http_way *way)
{
	struct http_proxy *p = &h->proxy;
	enum status st;

	buf_init(&p->host, HREF_MAX);
	st = http_keep(&p->url, way->proxy);
	if (st == ST_OK)
		st = http_keep(&p->user, way->user);
	if (st == ST_OK)
		st = http_keep(&p->password, way->password);
	if (st == ST_OK && way->proxy.len > 0)
		st = keep_host(p, way->proxy);
	p->auth = CURLAUTH_DIGEST | CURLAUTH_NTLM;
	if (p->tls || way->basic)
		p->auth |= CURLAUTH_BASIC;
	return st;
}

void
http_proxy_drop(struct http *h)
{
	buf_fini(&h->proxy.url);
	buf_fini(&h->proxy.host);
	buf_fini(&h->proxy.user);
	buf_fini(&h->proxy.password);
}

/* ---- one attempt --------------------------------------------------------- */

static enum status
check_host(struct http_call *c)
{
	struct http *h = c->http;
	struct href_place p;
	const char *why;
	struct href u;

	href_split(c->request.url, &u);
	if (href_place(u.authority, &p) != ST_OK)
		return ST_MALFORMED;
	why = http_proxy_refuses(p.host, buf_span(&h->host));
	if (why == NULL)
		return ST_OK;
	strncpy(h->refusal, why, sizeof(h->refusal) - 1);
	return ST_DENIED;
}

static void
set_login(struct http_call *c)
{
	const struct http_proxy *p = &c->http->proxy;

	if (p->user.len == 0 || p->refused)
		return;
	curl_easy_setopt(c->easy, CURLOPT_PROXYAUTH, p->auth);
	curl_easy_setopt(c->easy, CURLOPT_PROXYUSERNAME, p->user.data);
	if (p->password.len > 0)
		curl_easy_setopt(c->easy, CURLOPT_PROXYPASSWORD,
				 p->password.data);
}

/* Without one, none of the environment's is taken either. */
enum status
http_proxy_prepare(struct http_call *c)
{
	const struct http *h = c->http;
	struct curl_blob ca = {
	    .data = h->ca.data, .len = h->ca.len, .flags = CURL_BLOB_COPY};
	enum status st;

	if (h->proxy.url.len == 0) {
		curl_easy_setopt(c->easy, CURLOPT_PROXY, "");
		return ST_OK;
	}
	st = check_host(c);
	if (st != ST_OK)
		return st;
	curl_easy_setopt(c->easy, CURLOPT_PROXY, h->proxy.url.data);
	curl_easy_setopt(c->easy, CURLOPT_NOPROXY, "");
	curl_easy_setopt(c->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	if (ca.len > 0)
		curl_easy_setopt(c->easy, CURLOPT_PROXY_CAINFO_BLOB, &ca);
	else if (h->ca_file.len > 0)
		curl_easy_setopt(c->easy, CURLOPT_PROXY_CAINFO,
				 h->ca_file.data);
	set_login(c);
	return ST_OK;
}

bool
http_proxy_denied(const struct http_call *c)
{
	long tunnel = 0, code = 0;

	if (c->http->proxy.url.len == 0)
		return false;
	curl_easy_getinfo(c->easy, CURLINFO_HTTP_CONNECTCODE, &tunnel);
	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &code);
	return tunnel == 407 || (c->result == CURLE_OK && code == 407);
}
