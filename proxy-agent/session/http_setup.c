#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/str.h"
#include "proxy-agent/session/guard.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/http_proxy.h"
#include "proxy-agent/session/http_state.h"
#include "sys/pace.h"

#define RECEIVE (64L * 1024) /* bytes taken off a connection at a time */

/* ---- what libcurl calls ----------------------------------------------------
 */

static size_t
on_header(char *line, size_t one, size_t n, void *arg)
{
	struct http_call *c = arg;
	struct span s = str_trim(span_of(line, n * one));

	c->moved = true;
	c->head_whole = s.len == 0; /* the empty line behind it */
	if (str_starts(s, "HTTP/"))
		buf_clear(&c->head);
	else if (buf_add(&c->head, s.ptr, s.len) != ST_OK ||
		 buf_add_byte(&c->head, 0) != ST_OK) {
		c->broken = true;
		return 0;
	}
	return n * one;
}

/* The rest of what we have, and not something else. */
static bool
goes_on(struct http_call *c)
{
	struct span v = http_header(c, "content-range"), part;
	long code = 0;
	uint64_t from = 0;

	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &code);
	if (code != 206 || !str_starts(v, "bytes "))
		return false;
	v = span_skip(v, 6);
	return str_next(&v, '-', &part) &&
	       str_to_u64(part, 0, UINT64_MAX, &from) == ST_OK &&
	       from == c->given;
}

static size_t
on_body(char *data, size_t one, size_t n, void *arg)
{
	struct http_call *c = arg;

	n *= one;
	if (!c->bodied && c->headed && !goes_on(c)) {
		c->changed = true;
		return 0;
	}
	c->bodied = c->moved = true;
	http_heard(c);
	if (c->request.cap > 0 && n > c->request.cap - c->came) {
		c->over = true;
		return 0;
	}
	if (n > HTTP_BUFFER - c->ring_len) {
		c->paused = true;
		return CURL_WRITEFUNC_PAUSE;
	}
	if (n > HTTP_BUFFER - c->ring_at - c->ring_len) {
		memmove(c->ring, c->ring + c->ring_at, c->ring_len);
		c->ring_at = 0;
	}
	memcpy(c->ring + c->ring_at + c->ring_len, data, n);
	c->ring_len += n;
	c->came += n;
	pace_came(c->http->pace, n);
	return n;
}

static curl_socket_t
on_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct http_call *c = arg;
	struct http *h = c->http;
	struct href_place p = {0};
	const char *why;
	struct href u;

	(void)purpose;
	href_split(c->request.url, &u);
	if (href_place(u.authority, &p) != ST_OK)
		return CURL_SOCKET_BAD;
	why = h->proxy.url.len > 0
		  ? guard_refuses(&a->addr, buf_span(&h->proxy.host),
				  buf_span(&h->proxy.host))
		  : guard_refuses(&a->addr, buf_span(&h->host), p.host);
	if (why != NULL) {
		strncpy(h->refusal, why, sizeof(h->refusal) - 1);
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

/* ---- one attempt -----------------------------------------------------------
 */

uint64_t
http_lines_from(const struct http_lines *l)
{
	return l->from;
}

void
http_mark(struct http_lines *l, unsigned mark)
{
	l->mark = mark;
}

struct span
http_lines_match(const struct http_lines *l)
{
	return l->match;
}

enum status
http_line(struct http_lines *l, const char *name, struct span value)
{
	struct curl_slist *more = NULL;
	struct buf text;
	enum status st;

	/* a header without a value ends in a semicolon for libcurl */
	buf_init(&text, HTTP_HEAD_MAX);
	st = buf_addf(&text, value.len > 0 ? "%s: %.*s" : "%s;%.*s", name,
		      (int)value.len, (const char *)value.ptr);
	if (st == ST_OK && memchr(text.data, '\n', text.len) != NULL)
		st = ST_MALFORMED;
	if (st == ST_OK)
		st = buf_add_byte(&text, 0);
	if (st == ST_OK) {
		more = curl_slist_append(l->list, (const char *)text.data);
		st = more == NULL ? ST_NOMEM : ST_OK;
	}
	if (st == ST_OK)
		l->list = more;
	buf_fini(&text);
	return st;
}

struct span
http_lines_since(const struct http_lines *l)
{
	return l->since;
}

static enum status
add_range(struct http_call *c, struct http_lines *l)
{
	struct span etag = buf_span(&c->etag);
	char range[40];

	if (!c->headed || c->given == 0)
		return ST_OK;
	l->from = c->given;
	snprintf(range, sizeof(range), "bytes=%llu-",
		 (unsigned long long)c->given);
	if (http_line(l, "Range", span_str(range)) != ST_OK)
		return ST_NOMEM;
	if (etag.len > 0 && !str_starts(etag, "W/")) {
		l->match = etag;
		return http_line(l, "If-Match", etag);
	}
	l->since = buf_span(&c->date);
	return http_line(l, "If-Unmodified-Since", l->since);
}

static enum status
make_lines(struct http_call *c)
{
	const struct http_request *r = &c->request;
	struct http_lines l = {0};
	enum status st = add_range(c, &l);

	/* else libcurl asks first whether it may send a body */
	if (st == ST_OK && r->body.len > 0)
		st = http_line(&l, "Expect", span_of(NULL, 0));
	if (st == ST_OK && r->type != NULL)
		st = http_line(&l, "Content-Type", span_str(r->type));
	if (st == ST_OK && r->depth != NULL)
		st = http_line(&l, "Depth", span_str(r->depth));
	if (st == ST_OK && r->sign != NULL)
		st = c->signing = r->sign(r->arg, r, &l);
	c->lines = l.list;
	c->mark = l.mark;
	return st;
}

static void
set_method(struct http_call *c)
{
	const struct http_request *r = &c->request;
	const char *method = r->method == NULL ? "GET" : r->method;

	if (strcmp(method, "HEAD") == 0) {
		curl_easy_setopt(c->easy, CURLOPT_NOBODY, 1L);
		return;
	}
	curl_easy_setopt(c->easy, CURLOPT_HTTPGET, 1L);
	if (r->body.len > 0) {
		curl_easy_setopt(c->easy, CURLOPT_POSTFIELDS, r->body.ptr);
		curl_easy_setopt(c->easy, CURLOPT_POSTFIELDSIZE_LARGE,
				 (curl_off_t)r->body.len);
	}
	curl_easy_setopt(c->easy, CURLOPT_CUSTOMREQUEST, method);
}

static void
set_secrets(struct http_call *c)
{
	struct http *h = c->http;

	if (!href_same_site(c->request.url, buf_span(&h->site)))
		return;
	if (h->cookie.len > 0)
		curl_easy_setopt(c->easy, CURLOPT_COOKIE, h->cookie.data);
	if (http_is_refused(h))
		return;
	if (h->token.len > 0) {
		curl_easy_setopt(c->easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
		curl_easy_setopt(c->easy, CURLOPT_XOAUTH2_BEARER,
				 h->token.data);
	}
	if (c->secret) {
		curl_easy_setopt(c->easy, CURLOPT_HTTPAUTH,
				 c->auth != 0 ? c->auth : h->auth);
		curl_easy_setopt(c->easy, CURLOPT_USERNAME, h->user.data);
		if (h->password.len > 0)
			curl_easy_setopt(c->easy, CURLOPT_PASSWORD,
					 h->password.data);
	}
}

static void
set_trust(struct http_call *c)
{
	struct http *h = c->http;
	struct curl_blob ca = {
	    .data = h->ca.data, .len = h->ca.len, .flags = CURL_BLOB_COPY};

	if (h->ca.len > 0)
		curl_easy_setopt(c->easy, CURLOPT_CAINFO_BLOB, &ca);
	else if (h->ca_file.len > 0)
		curl_easy_setopt(c->easy, CURLOPT_CAINFO, h->ca_file.data);
	if (h->any_certificate) {
		curl_easy_setopt(c->easy, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(c->easy, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	curl_easy_setopt(c->easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c->easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c->easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(c->easy, CURLOPT_OPENSOCKETDATA, c);
}

enum status
http_prepare(struct http_call *c)
{
	struct http *h = c->http;
	enum status st;

	curl_easy_reset(c->easy);
	h->refusal[0] = 0;
	c->trouble[0] = 0;
	st = make_lines(c);
	if (st != ST_OK)
		return st;
	curl_easy_setopt(c->easy, CURLOPT_PRIVATE, c);
	curl_easy_setopt(c->easy, CURLOPT_URL, c->request.url.ptr);
	curl_easy_setopt(c->easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(c->easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(c->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c->easy, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)h->limits.connect_ms);
	curl_easy_setopt(c->easy, CURLOPT_ERRORBUFFER, c->trouble);
	curl_easy_setopt(c->easy, CURLOPT_SHARE, h->share);
	curl_easy_setopt(c->easy, CURLOPT_USERAGENT, h->agent.data);
	curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, c->lines);
	curl_easy_setopt(c->easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c->easy, CURLOPT_HEADERDATA, c);
	curl_easy_setopt(c->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c->easy, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(c->easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(c->easy, CURLOPT_BUFFERSIZE, RECEIVE);
	if (c->request.inflate)
		curl_easy_setopt(c->easy, CURLOPT_ACCEPT_ENCODING,
				 "gzip, deflate");
	set_method(c);
	set_secrets(c);
	set_trust(c);
	return http_proxy_prepare(c);
}

/* ---- what went wrong -------------------------------------------------------
 */

static const struct {
	CURLcode code;
	enum status st;
	const char *format; /* host, what libcurl says */
} troubles[] = {
    {CURLE_COULDNT_RESOLVE_HOST, ST_NOTFOUND,
     "no address is known for the name %s"},
    {CURLE_COULDNT_RESOLVE_PROXY, ST_NOTFOUND,
     "no address is known for the name of the proxy on the way to %s"},
    {CURLE_COULDNT_CONNECT, ST_CLOSED,
     "%s cannot be reached: nobody listens there, or a firewall is between"},
    {CURLE_OPERATION_TIMEDOUT, ST_TIMEOUT, "%s took too long to answer"},
    {CURLE_PEER_FAILED_VERIFICATION, ST_DENIED,
     "the certificate of %s is not to be trusted (%s); name the file of the "
     "authority that signed it as ca_file"},
    {CURLE_SSL_CACERT_BADFILE, ST_NOTFOUND,
     "the certificates named as ca_file cannot be read (for %s)"},
    {CURLE_SSL_CONNECT_ERROR, ST_IO, "no TLS connection to %s (%s)"},
    {CURLE_WEIRD_SERVER_REPLY, ST_IO, "what %s answers is not HTTP"},
    {CURLE_UNSUPPORTED_PROTOCOL, ST_DENIED,
     "%s is spoken to by http and https only"},
    {CURLE_PARTIAL_FILE, ST_IO, "the answer of %s was cut"},
    {CURLE_RECV_ERROR, ST_IO, "the connection to %s broke"},
    {CURLE_SEND_ERROR, ST_IO, "the connection to %s broke"},
    {CURLE_GOT_NOTHING, ST_IO, "%s closed the connection without an answer"},
    {CURLE_BAD_CONTENT_ENCODING, ST_MALFORMED,
     "what %s sent cannot be unpacked"},
    {CURLE_AUTH_ERROR, ST_DENIED, "signing in for %s failed"},
    {CURLE_OUT_OF_MEMORY, ST_NOMEM, "no memory is left to ask %s"},
};

/* Without the words that say the same again. */
static const char *
detail(const struct http_call *c)
{
	static const char *const heads[] = {"SSL certificate problem: ",
					    "SSL: "};

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (strncmp(c->trouble, heads[i], strlen(heads[i])) == 0)
			return c->trouble + strlen(heads[i]);
	return c->trouble[0] != 0 ? c->trouble : "no more is known";
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void
say(struct http_call *c, const char *format)
{
	struct href_place p = {.host = span_str("the server")};
	char host[200];
	struct href u;

	href_split(c->request.url, &u);
	if (href_place(u.authority, &p) != ST_OK ||
	    str_copy(host, sizeof(host), u.authority) != ST_OK)
		snprintf(host, sizeof(host), "the server");
	/* not every format has a place for the detail */
	/* cppcheck-suppress wrongPrintfScanfArgNum */
	snprintf(c->http->why, HTTP_WHY, format, host, detail(c));
}
#pragma GCC diagnostic pop

/* Nobody was refused: it is the way to who signs us in that failed. */
static bool
is_of_the_way(enum status st)
{
	return st == ST_CLOSED || st == ST_TIMEOUT || st == ST_IO ||
	       st == ST_NOTFOUND;
}

/* libcurl takes an answer without a head for one of HTTP/0.9. */
static CURLcode
result(const struct http_call *c)
{
	return c->result == CURLE_UNSUPPORTED_PROTOCOL &&
		       strstr(c->trouble, "HTTP/0.9") != NULL
		   ? CURLE_WEIRD_SERVER_REPLY
		   : c->result;
}

enum status
http_explain(struct http_call *c)
{
	struct http *h = c->http;

	if (http_proxy_denied(c)) {
		say(c, "the proxy on the way to %s wants to know who asks: its "
		       "credential has proxy_user and proxy_password; one that "
		       "takes them in clear alone is named with "
		       "proxy_auth=basic");
		return ST_DENIED;
	}
	if (h->refusal[0] != 0 && c->result == CURLE_COULDNT_CONNECT) {
		say(c, "%s is not reached");
		snprintf(h->why + strlen(h->why), HTTP_WHY - strlen(h->why),
			 ": its name leads to %s; to read it, write that "
			 "address into the target",
			 h->refusal);
		return ST_DENIED;
	}
	if (c->changed) {
		say(c, "an object of %s changed while it was read");
		return ST_IO;
	}
	if (c->broken) {
		say(c, "the head of an answer of %s is too long");
		return ST_LIMIT;
	}
	if (c->result == CURLE_AUTH_ERROR && is_of_the_way(c->signing)) {
		say(c, "signing in for %s failed");
		return c->signing == ST_TIMEOUT ? ST_TIMEOUT : ST_IO;
	}
	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++)
		if (troubles[i].code == result(c)) {
			say(c, troubles[i].format);
			return troubles[i].st;
		}
	say(c, "reading from %s failed: %s");
	return ST_IO;
}
