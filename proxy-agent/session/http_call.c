#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/must.h"
#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/http_proxy.h"
#include "proxy-agent/session/http_state.h"

#define KEPT_MAX (1024 * 1024) /* of a request: its address and body */
#define TURN_MS  1000          /* between two looks at the clock */

/* ---- calls begin and end ---------------------------------------------------
 */

static size_t
under_way(const struct http *h)
{
	size_t n = 0;

	for (size_t i = 0; i < HTTP_CALLS_MAX; i++)
		n += h->calls[i].state != CALL_FREE;
	return n;
}

static struct http_call *
free_call(struct http *h)
{
	for (size_t i = 0; i < HTTP_CALLS_MAX; i++)
		if (h->calls[i].state == CALL_FREE)
			return &h->calls[i];
	return NULL;
}

/* When a request may go out: by the rate, and after the server's pause. */
static uint64_t
next_start(struct http *h)
{
	uint64_t now = http_now();
	uint64_t at = now > h->hold_ms ? now : h->hold_ms;

	if (h->limits.per_second == 0)
		return at;
	at = at > h->next_ms ? at : h->next_ms;
	h->next_ms = at + 1000 / h->limits.per_second;
	return at;
}

static enum status
keep_request(struct http_call *c, const struct http_request *r)
{
	enum status st;

	buf_init(&c->kept, KEPT_MAX);
	buf_init(&c->head, HTTP_HEAD_MAX);
	buf_init(&c->type, 256);
	buf_init(&c->etag, 1024);
	buf_init(&c->date, 64);
	/* one piece, so that the spans into it stay */
	st = buf_reserve(&c->kept, r->url.len + 1 + r->body.len);
	if (st != ST_OK)
		return st;
	st = buf_add(&c->kept, r->url.ptr, r->url.len);
	if (st == ST_OK)
		st = buf_add_byte(&c->kept, 0);
	if (st == ST_OK)
		st = buf_add(&c->kept, r->body.ptr, r->body.len);
	c->request = *r;
	c->request.url = span_of(c->kept.data, r->url.len);
	c->request.body = span_of(c->kept.data + r->url.len + 1, r->body.len);
	return st;
}

/*
 * A handle whose cookies are those of the session. It keeps them when it is
 * reset; libcurl 7.88 wants to hear of a file for that, and loses the list of
 * files at each reset.
 */
static CURL *
new_handle(struct http *h)
{
	CURL *easy = curl_easy_init();

	if (easy == NULL)
		return NULL;
	curl_easy_setopt(easy, CURLOPT_SHARE, h->share);
	curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");
	curl_easy_setopt(easy, CURLOPT_COOKIELIST, "RELOAD");
	curl_easy_setopt(easy, CURLOPT_COOKIEFILE, NULL);
	return easy;
}

enum status
http_start(struct http *h, const struct http_request *r, struct http_call **out)
{
	struct http_call *c = free_call(h);
	uint8_t *ring;
	CURL *easy;
	enum status st;

	if (c == NULL || under_way(h) >= h->limits.calls)
		return ST_FULL;
	easy = c->easy != NULL ? c->easy : new_handle(h);
	ring = c->ring != NULL ? c->ring : malloc(HTTP_BUFFER);
	*c = (struct http_call){.http = h, .easy = easy, .ring = ring};
	if (easy == NULL || ring == NULL)
		return ST_NOMEM;
	c->state = CALL_WAITING;
	c->secret = h->proven && href_same_site(r->url, buf_span(&h->site));
	st = keep_request(c, r);
	if (st == ST_OK)
		c->start_ms = next_start(h);
	else
		http_stop(c);
	if (st == ST_OK)
		*out = c;
	return st;
}

void
http_rewind(struct http_call *c)
{
	if (c->state == CALL_RUNNING)
		curl_multi_remove_handle(c->http->multi, c->easy);
	curl_slist_free_all(c->lines);
	c->lines = NULL;
	c->paused = c->bodied = c->over = false;
	c->ring_at = c->ring_len = 0;
	c->came = c->given;
	c->state = CALL_WAITING;
}

void
http_stop(struct http_call *c)
{
	struct buf *all[5];

	if (c == NULL || c->state == CALL_FREE)
		return;
	http_rewind(c);
	all[0] = &c->kept;
	all[1] = &c->head;
	all[2] = &c->type;
	all[3] = &c->etag;
	all[4] = &c->date;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		buf_fini(all[i]);
	c->state = CALL_FREE;
}

/* ---- all go on -------------------------------------------------------------
 */

static void
launch(struct http_call *c)
{
	enum status st = http_prepare(c);

	if (st != ST_OK ||
	    curl_multi_add_handle(c->http->multi, c->easy) != CURLM_OK) {
		c->state = CALL_DONE;
		c->result = c->http->refusal[0] != 0 ? CURLE_COULDNT_CONNECT
			    : st == ST_OK || st == ST_NOMEM
				? CURLE_OUT_OF_MEMORY
				: CURLE_AUTH_ERROR;
		return;
	}
	c->tries++;
	c->state = CALL_RUNNING;
}

/* Begins what may begin; milliseconds until the next one may, at most `ms`. */
static uint64_t
launch_due(struct http *h, uint64_t ms)
{
	uint64_t now = http_now();

	for (size_t i = 0; i < HTTP_CALLS_MAX; i++) {
		struct http_call *c = &h->calls[i];

		if (c->state != CALL_WAITING)
			continue;
		if (c->start_ms <= now)
			launch(c);
		else if (c->start_ms - now < ms)
			ms = c->start_ms - now;
	}
	return ms;
}

static bool
collect(struct http *h)
{
	bool any = false;
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
		struct http_call *c = NULL;
		CURLcode result = m->data.result;
		void *who = NULL;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &who);
		c = who;
		must(c != NULL);
		curl_multi_remove_handle(h->multi, c->easy);
		c->state = CALL_DONE;
		c->result = result;
		any = true;
	}
	return any;
}

static bool
any_moved(struct http *h)
{
	for (size_t i = 0; i < HTTP_CALLS_MAX; i++)
		if (h->calls[i].state != CALL_FREE && h->calls[i].moved)
			return true;
	return false;
}

void
http_pump(struct http *h, uint64_t ms)
{
	int running;

	for (size_t i = 0; i < HTTP_CALLS_MAX; i++)
		h->calls[i].moved = false;
	ms = launch_due(h, ms);
	curl_multi_perform(h->multi, &running);
	if (collect(h) || any_moved(h))
		return;
	curl_multi_poll(h->multi, NULL, 0, (int)ms, NULL);
	curl_multi_perform(h->multi, &running);
	collect(h);
}

/* Until the head is whole, or a byte is there, or it is over. */
static void
wait_for(struct http_call *c, bool head)
{
	uint64_t since = http_now();

	while (c->state != CALL_DONE) {
		if (head ? c->bodied : c->ring_len > 0)
			return;
		http_pump(c->http, TURN_MS);
		if (c->moved || c->state == CALL_WAITING)
			since = http_now();
		if (c->state == CALL_RUNNING &&
		    http_now() - since >= c->http->limits.stall_ms) {
			curl_multi_remove_handle(c->http->multi, c->easy);
			c->state = CALL_DONE;
			c->result = CURLE_OPERATION_TIMEDOUT;
		}
	}
}

/* ---- the head --------------------------------------------------------------
 */

/* The first or next header of a name, from *at on. */
static struct span
header_from(const struct http_call *c, const char *name, size_t *at)
{
	struct span none = {0};
	size_t n = strlen(name);

	while (*at < c->head.len) {
		const char *line = (const char *)c->head.data + *at;
		size_t len = strlen(line);

		*at += len + 1;
		if (len > n && line[n] == ':' &&
		    strncasecmp(line, name, n) == 0)
			return str_trim(span_of(line + n + 1, len - n - 1));
	}
	return none;
}

struct span
http_header(const struct http_call *c, const char *name)
{
	struct span last = {0}, v;
	size_t at = 0;

	while ((v = header_from(c, name, &at)).ptr != NULL)
		last = v;
	return last;
}

static void
read_type(struct http_call *c)
{
	struct span v = http_header(c, "content-type"), part;

	buf_clear(&c->type);
	for (size_t i = 0; i < v.len; i++) {
		uint8_t b = v.ptr[i];

		if (buf_add_byte(&c->type, b >= 'A' && b <= 'Z' ? b | 0x20 : b))
			break;
	}
	v = buf_span(&c->type);
	if (!str_next(&v, ';', &part))
		return;
	c->reply.type = str_trim(part);
	while (str_next(&v, ';', &part)) {
		part = str_trim(part);
		if (!str_starts(part, "charset="))
			continue;
		part = span_skip(part, 8);
		if (part.len >= 2 && part.ptr[0] == '"')
			part = span_of(part.ptr + 1, part.len - 2);
		c->reply.charset = part;
	}
}

static void
copy_to(struct buf *to, struct span v)
{
	buf_clear(to);
	if (buf_add(to, v.ptr, v.len) != ST_OK)
		buf_clear(to); /* no range is asked with it then */
}

static void
read_reply(struct http_call *c)
{
	curl_off_t length = -1;
	struct span date;
	char text[64];
	long code = 0;

	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &code);
	curl_easy_getinfo(c->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	c->reply =
	    (struct http_reply){.code = (unsigned)code, .length = length};
	read_type(c);
	copy_to(&c->etag, http_header(c, "etag"));
	date = http_header(c, "last-modified");
	copy_to(&c->date, date);
	c->reply.etag = buf_span(&c->etag);
	c->reply.location = http_header(c, "location");
	if (str_copy(text, sizeof(text), date) == ST_OK && text[0] != 0)
		c->reply.modified = curl_getdate(text, NULL);
	if (c->reply.modified < 0)
		c->reply.modified = 0;
}

/* ---- once more -------------------------------------------------------------
 */

static bool
is_passing(unsigned code)
{
	return code == 429 || code == 500 || code == 502 || code == 503 ||
	       code == 504;
}

static bool
is_shaky(CURLcode r)
{
	return r == CURLE_COULDNT_CONNECT || r == CURLE_COULDNT_RESOLVE_HOST ||
	       r == CURLE_GOT_NOTHING || r == CURLE_RECV_ERROR ||
	       r == CURLE_SEND_ERROR || r == CURLE_OPERATION_TIMEDOUT ||
	       r == CURLE_PARTIAL_FILE || r == CURLE_SSL_CONNECT_ERROR;
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

static void
come_back(struct http_call *c, unsigned times, uint64_t asked)
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
		while ((v = header_from(c, "www-authenticate", &at)).ptr !=
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
	if (c->reply.code != 401 || c->request.denied == NULL || c->anew)
		return false;
	c->anew = true;
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

static void
note_secret(struct http_call *c)
{
	struct http *h = c->http;

	if (!c->secret && h->token.len == 0)
		return;
	if (c->reply.code == 401) {
		h->refused++;
		h->proven = false;
	} else if (c->secret) {
		h->proven = true;
		h->refused = 0;
	}
}

enum status
http_head(struct http_call *c, const struct http_reply **out)
{
	struct http *h = c->http;

	while (!c->headed) {
		wait_for(c, true);
		if (http_proxy_denied(c)) {
			h->proxy.refused = true;
			return http_explain(c);
		}
		if (!c->bodied && c->state == CALL_DONE &&
		    c->result != CURLE_OK) {
			if (!is_shaky(c->result) || c->request.no_retry ||
			    h->refusal[0] != 0 || c->tries >= h->limits.tries)
				return http_explain(c);
			come_back(c, c->tries, 0);
			continue;
		}
		read_reply(c);
		if (sign_in(c) || sign_anew(c) || move_on(c))
			continue;
		note_secret(c);
		if (is_passing(c->reply.code)) {
			yield_room(h);
			if (c->tries < h->limits.tries &&
			    !c->request.no_retry) {
				come_back(c, c->tries, asked_pause(c));
				continue;
			}
		}
		c->headed = true;
	}
	note_answer(h);
	*out = &c->reply;
	return ST_OK;
}

/* ---- the body --------------------------------------------------------------
 */

/* Whether the rest of a body that was cut can be asked for. */
static bool
can_resume(const struct http_call *c)
{
	struct span etag = buf_span(&c->etag);

	if (c->changed || c->over || c->request.no_retry ||
	    (c->reply.code != 200 && c->reply.code != 206) ||
	    c->resumes >= c->http->limits.resumes ||
	    (c->request.inflate &&
	     http_header(c, "content-encoding").len > 0) ||
	    !is_shaky(c->result))
		return false;
	return (etag.len > 0 && !str_starts(etag, "W/")) || c->date.len > 0;
}

static void
let_flow(struct http_call *c)
{
	if (!c->paused || c->ring_len > HTTP_BUFFER / 2)
		return;
	c->paused = false;
	/* when that fails the transfer ends with its own error */
	if (c->state == CALL_RUNNING)
		curl_easy_pause(c->easy, CURLPAUSE_CONT);
}

enum status
http_read(struct http_call *c, void *dst, size_t n, size_t *got)
{
	must(c->headed && n > 0);
	for (;;) {
		wait_for(c, false);
		if (c->ring_len > 0)
			break;
		if (c->over)
			return ST_LIMIT;
		if (c->result == CURLE_OK) {
			*got = 0;
			return ST_OK;
		}
		if (!can_resume(c))
			return http_explain(c);
		c->resumes++;
		come_back(c, c->resumes, 0);
	}
	n = n < c->ring_len ? n : c->ring_len;
	memcpy(dst, c->ring + c->ring_at, n);
	c->ring_at += n;
	c->ring_len -= n;
	c->given += n;
	let_flow(c);
	*got = n;
	return ST_OK;
}
