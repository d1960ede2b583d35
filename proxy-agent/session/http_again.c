#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/http_proxy.h"
#include "proxy-agent/session/http_state.h"

/* Of one call: a token that others under way have used up is renewed again. */
#define RENEWALS_MAX 2

static bool
is_passing(unsigned code)
{
	return code == 429 || code == 500 || code == 502 || code == 503 ||
	       code == 504;
}

bool
http_is_shaky(CURLcode r)
{
	return r == CURLE_COULDNT_CONNECT || r == CURLE_COULDNT_RESOLVE_HOST ||
	       r == CURLE_GOT_NOTHING || r == CURLE_RECV_ERROR ||
	       r == CURLE_SEND_ERROR || r == CURLE_OPERATION_TIMEDOUT ||
	       r == CURLE_PARTIAL_FILE || r == CURLE_SSL_CONNECT_ERROR;
}

bool
http_in_vain(const struct http *h, const struct http_request *r)
{
	return r->secret && h->vain >= HTTP_REFUSALS;
}

/* A sign-in that broke off, when the server may have heard the secret in it. */
static void
note_vain(struct http_call *c)
{
	long sent = 0;

	curl_easy_getinfo(c->easy, CURLINFO_REQUEST_SIZE, &sent);
	c->http->vain += c->request.secret && sent > 0;
}

/* Retry-After: seconds, or a date; 0: not said. */
static uint64_t
asked_pause(const struct http_call *c)
{
	struct span v = http_header(c, "retry-after");
	uint64_t s = 0;
	char text[64];
	time_t at;

	if (str_to_u64(v, 0, 86400, &s) == ST_OK)
		return s * 1000;
	if (str_copy(text, sizeof(text), v) != ST_OK || text[0] == 0)
		return 0;
	at = curl_getdate(text, NULL);
	return at > time(NULL) ? (uint64_t)(at - time(NULL)) * 1000 : 0;
}

void
http_come_back(struct http_call *c, unsigned times, uint64_t asked)
{
	struct http *h = c->http;
	uint64_t pause = h->limits.pause_ms;

	for (unsigned i = 1; i < times && pause < h->limits.pause_max_ms; i++)
		pause *= 2;
	if (asked > pause)
		pause = asked;
	if (pause > h->limits.pause_max_ms)
		pause = h->limits.pause_max_ms;
	http_rewind(c);
	c->start_ms = http_now() + pause;
	if (asked > 0 && c->start_ms > h->hold_ms)
		h->hold_ms = c->start_ms;
}

/* The server asked for mercy: half as many at once, and more again later. */
static void
yield_room(struct http *h)
{
	h->room = h->room > 1 ? h->room / 2 : 1;
	h->good = 0;
}

static void
note_answer(struct http *h)
{
	if (++h->good >= 50 && h->room < h->limits.calls) {
		h->room++;
		h->good = 0;
	}
}

/* The safest way of signing in that server and user both want. */
static unsigned long
choose_auth(const struct http_call *c)
{
	static const struct {
		const char *name;
		unsigned long auth;
	} ways[] = {{"digest", CURLAUTH_DIGEST},
		    {"ntlm", CURLAUTH_NTLM},
		    {"basic", CURLAUTH_BASIC}};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		size_t at = 0, n = strlen(ways[i].name);
		struct span v;

		if ((c->http->auth & ways[i].auth) == 0)
			continue;
		while ((v = http_header_from(c, "www-authenticate", &at)).ptr !=
		       NULL)
			if (v.len >= n && strncasecmp((const char *)v.ptr,
						      ways[i].name, n) == 0)
				return ways[i].auth;
	}
	return 0;
}

/* A 401 that user and password may answer. */
static bool
sign_in(struct http_call *c)
{
	struct http *h = c->http;

	if (c->reply.code != 401 || c->secret || h->user.len == 0 ||
	    http_is_refused(h) ||
	    !href_same_site(c->request.url, buf_span(&h->site)))
		return false;
	c->auth = choose_auth(c);
	if (c->auth == 0)
		return false;
	h->auth = c->auth;
	c->secret = true;
	http_rewind(c);
	c->start_ms = http_now();
	return true;
}

/* A 401 to a request that is signed: perhaps with something that is over. */
static bool
sign_anew(struct http_call *c)
{
	if (c->reply.code != 401 || c->request.denied == NULL ||
	    c->renewals == RENEWALS_MAX ||
	    (c->renewals > 0 && c->mark == c->refused))
		return false;
	c->renewals++;
	c->refused = c->mark;
	if (c->request.denied(c->request.arg, c->mark) != ST_OK)
		return false;
	http_rewind(c);
	c->start_ms = http_now();
	return true;
}

static bool
is_redirect(unsigned code)
{
	return code == 301 || code == 302 || code == 303 || code == 307 ||
	       code == 308;
}

/* Elsewhere, where the server says; what was encrypted stays so. */
static bool
move_on(struct http_call *c)
{
	struct http_request *r = &c->request;
	struct buf to;
	bool ok;

	if (!is_redirect(c->reply.code) || c->hops >= r->hops ||
	    r->body.len > 0)
		return false;
	buf_init(&to, HREF_MAX);
	ok = href_join(r->url, c->reply.location, &to) == ST_OK &&
	     (!str_starts(r->url, "https:") ||
	      str_starts(buf_span(&to), "https:"));
	if (ok) {
		buf_clear(&c->kept);
		r->url = r->body = span_of(NULL, 0);
		ok = buf_add(&c->kept, to.data, to.len) == ST_OK &&
		     buf_add_byte(&c->kept, 0) == ST_OK;
		if (ok)
			r->url = span_of(c->kept.data, to.len);
	}
	buf_fini(&to);
	if (!ok)
		return false;
	c->hops++;
	c->tries = 0;
	http_rewind(c);
	c->start_ms = http_now();
	return true;
}

/* A token goes along with whatever is asked of its site. */
static void
note_secret(struct http_call *c)
{
	struct http *h = c->http;

	if (!c->secret && (h->token.len == 0 ||
			   !href_same_site(c->request.url, buf_span(&h->site))))
		return;
	if (c->reply.code == 401) {
		h->refused++;
		h->proven = false;
	} else if (!http_is_refused(h)) { /* else it was sent without */
		h->proven = h->proven || c->secret;
		h->refused = 0;
	}
}

/* Whether what failed may be had by asking once more. */
static bool
may_pass(const struct http_call *c)
{
	const struct http *h = c->http;

	return http_is_shaky(c->result) && !c->request.no_retry &&
	       h->refusal[0] == 0 && c->tries < h->limits.tries &&
	       !http_in_vain(h, &c->request);
}

enum status
http_head(struct http_call *c, const struct http_reply **out)
{
	struct http *h = c->http;

	while (!c->headed) {
		http_wait(c, true);
		if (http_proxy_denied(c)) {
			h->proxy.refused = true;
			return http_explain(c);
		}
		if (!c->bodied && c->state == CALL_DONE &&
		    c->result != CURLE_OK) {
			note_vain(c);
			if (!may_pass(c))
				return http_explain(c);
			http_come_back(c, c->tries, 0);
			continue;
		}
		http_read_reply(c);
		if (sign_in(c) || sign_anew(c) || move_on(c))
			continue;
		note_secret(c);
		if (is_passing(c->reply.code)) {
			yield_room(h);
			if (c->tries < h->limits.tries &&
			    !c->request.no_retry) {
				http_come_back(c, c->tries, asked_pause(c));
				continue;
			}
		}
		c->headed = true;
	}
	note_answer(h);
	*out = &c->reply;
	return ST_OK;
}

/* ---- a body that broke off -------------------------------------------------
 */

bool
http_anew(struct http_call *c)
{
	/* what was refused is not sent again for the sake of its text */
	if (!c->headed || http_code(c->reply.code) != ST_OK)
		return false;
	if (c->state != CALL_DONE || c->over || c->request.no_retry ||
	    c->resumes >= c->http->limits.resumes ||
	    !(c->changed || http_is_shaky(c->result)))
		return false;
	note_vain(c);
	if (http_in_vain(c->http, &c->request))
		return false;
	c->resumes++;
	c->given = 0;
	c->tries = 0;
	c->headed = c->changed = false;
	http_come_back(c, c->resumes, 0);
	return true;
}

static enum status
read_all(struct http_call *c, struct buf *to)
{
	uint8_t piece[16 * 1024];
	size_t got = 1;
	enum status st = ST_OK;

	while (st == ST_OK && got > 0) {
		st = http_read(c, piece, sizeof(piece), &got);
		if (st == ST_OK)
			st = buf_add(to, piece, got);
	}
	return st;
}

enum status
http_whole(struct http_call *c, const struct http_reply **out, struct buf *body)
{
	size_t before = body->len;
	enum status st = http_head(c, out);

	if (st == ST_OK)
		st = read_all(c, body);
	while ((st == ST_IO || st == ST_TIMEOUT) && http_anew(c)) {
		body->len = before;
		st = http_head(c, out);
		if (st == ST_OK)
			st = read_all(c, body);
	}
	return st;
}
