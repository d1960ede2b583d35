#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/http_state.h"
#include "sys/pace.h"

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

	if (http_in_vain(h, r)) {
		snprintf(h->why, HTTP_WHY,
			 "its answers broke off %d times, so that the secret "
			 "is not sent again; check the network, then scan anew",
			 HTTP_REFUSALS);
		return ST_IO;
	}
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
http_heard(struct http_call *c)
{
	if (c->asked)
		pace_answered(c->http->pace);
	c->asked = false;
}

/* Nobody waits for its answer any more. */
static void
give_up(struct http_call *c)
{
	if (c->asked)
		pace_lost(c->http->pace, 1);
	c->asked = false;
}

void
http_rewind(struct http_call *c)
{
	give_up(c);
	if (c->state == CALL_RUNNING)
		curl_multi_remove_handle(c->http->multi, c->easy);
	curl_slist_free_all(c->lines);
	c->lines = NULL;
	c->paused = c->bodied = c->head_whole = c->over = false;
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
	if (c->request.secret && c->headed &&
	    (c->state != CALL_DONE || c->result == CURLE_OK))
		c->http->vain = 0;
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
	c->asked = true;
	pace_asked(c->http->pace);
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

/*
 * For libcurl a head that breaks off between two lines is one: it would be an
 * answer without a body, and an object without bytes.
 */
static CURLcode
end_of(const struct http_call *c, CURLcode r)
{
	return r == CURLE_OK && !c->bodied && !c->head_whole
		   ? CURLE_PARTIAL_FILE
		   : r;
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
		c->result = end_of(c, result);
		if (c->result == CURLE_OK)
			http_heard(c);
		give_up(c);
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
	if (running > 0)
		pace_wait(h->pace);
	curl_multi_poll(h->multi, NULL, 0, (int)ms, NULL);
	if (running > 0)
		pace_woke(h->pace);
	curl_multi_perform(h->multi, &running);
	collect(h);
}

/* Until the head is whole, or a byte is there, or it is over. */
void
http_wait(struct http_call *c, bool head)
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
	    !http_is_shaky(c->result))
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
		http_wait(c, false);
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
		http_come_back(c, c->resumes, 0);
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
