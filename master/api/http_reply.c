#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "gen/assets.h"
#include "master/api/http_state.h"
#include "master/api/problem.h"
#include "master/api/serve.h"
#include "master/api/static.h"

#define BLOCK (32 * 1024) /* of a stream */

#define CSP                                                                    \
	"default-src 'none'; script-src 'self'; style-src 'self'; "            \
	"img-src 'self' data:; font-src 'self'; connect-src 'self'; "          \
	"frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "        \
	"require-trusted-types-for 'script'"
#define CSP_API "default-src 'none'; frame-ancestors 'none'"
#define PERMISSIONS                                                            \
	"accelerometer=(), camera=(), display-capture=(), geolocation=(), "    \
	"gyroscope=(), microphone=(), midi=(), payment=(), usb=()"

/* The library takes what it only reads as if it might write. */
void *
http_as_given(const void *p)
{
	void *q;

	memcpy(&q, &p, sizeof(q));
	return q;
}

void
http_header(struct MHD_Response *r, const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0')
		(void)MHD_add_response_header(r, name, value);
}

static void
add_guards(const struct http *h, struct MHD_Response *r, const char *csp)
{
	http_header(r, "Content-Security-Policy", csp);
	http_header(r, "X-Content-Type-Options", "nosniff");
	http_header(r, "Referrer-Policy", "no-referrer");
	http_header(r, "Cross-Origin-Opener-Policy", "same-origin");
	http_header(r, "Cross-Origin-Resource-Policy", "same-origin");
	http_header(r, "Permissions-Policy", PERMISSIONS);
	http_header(r, "X-Frame-Options", "DENY");
	if (h->config.hsts)
		http_header(r, "Strict-Transport-Security", "max-age=31536000");
}

static void
add_head(struct exchange *ex, struct MHD_Response *r)
{
	struct reply *rp = &ex->rp;
	char wait[16];

	add_guards(ex->http, r, CSP_API);
	http_header(r, "X-Request-Id", ex->rq.id);
	http_header(r, "Content-Type", rp->type);
	http_header(r, "Cache-Control",
		    rp->cache == NULL ? "no-store" : rp->cache);
	http_header(r, "ETag", rp->etag);
	http_header(r, "Location", rp->location);
	http_header(r, "Set-Cookie", rp->cookie);
	http_header(r, "Content-Disposition", rp->disposition);
	http_header(r, "Allow", rp->allow);
	if (rp->status == 401)
		http_header(r, "WWW-Authenticate", "Bearer realm=\"trawl\"");
	if (rp->retry_after > 0) {
		snprintf(wait, sizeof(wait), "%u", rp->retry_after);
		http_header(r, "Retry-After", wait);
	}
}

static void
conn_sleep(void *conn)
{
	struct exchange *ex = conn;

	MHD_suspend_connection(ex->conn);
}

static void
conn_wake(void *conn)
{
	struct exchange *ex = conn;

	MHD_resume_connection(ex->conn);
}

const struct sse_ops http_sse_ops = {.sleep = conn_sleep, .wake = conn_wake};
const struct stream_ops http_stream_ops = {.sleep = conn_sleep,
					   .wake = conn_wake};

static ssize_t
read_events(void *cls, uint64_t pos, char *dst, size_t room)
{
	struct exchange *ex = cls;
	ssize_t n = sse_read(ex->rp.events, dst, room);

	(void)pos;
	return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : n;
}

/* A break is shown as one: the last chunk never comes. */
static ssize_t
read_stream(void *cls, uint64_t pos, char *dst, size_t room)
{
	struct exchange *ex = cls;
	ssize_t n = stream_read(ex->rp.stream, dst, room);

	(void)pos;
	if (n == -1)
		return MHD_CONTENT_READER_END_OF_STREAM;
	return n < 0 ? MHD_CONTENT_READER_END_WITH_ERROR : n;
}

static struct MHD_Response *
make_response(struct exchange *ex)
{
	struct reply *rp = &ex->rp;
	struct MHD_Response *r;

	if (rp->events != NULL) {
		sse_bind(rp->events, ex);
		r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096,
						      read_events, ex, NULL);
		if (r != NULL)
			http_header(r, "X-Accel-Buffering", "no");
		return r;
	}
	if (rp->stream != NULL) {
		stream_bind(rp->stream, ex);
		return MHD_create_response_from_callback(
		    MHD_SIZE_UNKNOWN, BLOCK, read_stream, ex, NULL);
	}
	/* The bytes live until on_completed(). */
	return MHD_create_response_from_buffer(rp->body.len, rp->body.data,
					       MHD_RESPMEM_PERSISTENT);
}

enum MHD_Result
http_reply(struct exchange *ex)
{
	struct MHD_Response *r;
	enum MHD_Result done;

	ex->stage = STAGE_SENT;
	must(ex->rp.status >= 200 && ex->rp.status < 600);
	atomic_fetch_add(&ex->rq.api->count.answers[ex->rp.status / 100], 1);
	r = make_response(ex);
	if (r == NULL)
		return MHD_NO;
	add_head(ex, r);
	done = MHD_queue_response(ex->conn, ex->rp.status, r);
	MHD_destroy_response(r);
	return done;
}

/* ---- files of the console ----------------------------------------------- */

static struct MHD_Response *
asset_response(const struct http *h, const struct static_hit *hit)
{
	struct span bytes = static_bytes(hit->asset, hit->encoding);
	struct MHD_Response *r;

	if (hit->unchanged)
		bytes.len = 0;
	r = MHD_create_response_from_buffer(bytes.len, http_as_given(bytes.ptr),
					    MHD_RESPMEM_PERSISTENT);
	if (r == NULL)
		return NULL;
	add_guards(h, r, CSP);
	http_header(r, "Content-Type", hit->asset->type);
	http_header(r, "ETag", hit->asset->etag);
	http_header(r, "Vary", "Accept-Encoding");
	http_header(r, "Cache-Control",
		    hit->forever ? "public, max-age=31536000, immutable"
				 : "no-cache");
	http_header(r, "Content-Encoding", static_encoding_name(hit->encoding));
	return r;
}

static struct MHD_Response *
asset_cached(struct http *h, const struct static_hit *hit)
{
	size_t at = (hit->index * STATIC__COUNT + hit->encoding) * 2 +
		    (hit->unchanged ? 1 : 0);
	struct MHD_Response *r;

	must(pthread_mutex_lock(&h->lock) == 0);
	if (h->assets[at] == NULL)
		h->assets[at] = asset_response(h, hit);
	r = h->assets[at];
	must(pthread_mutex_unlock(&h->lock) == 0);
	return r;
}

enum MHD_Result
http_asset(struct exchange *ex)
{
	struct request *rq = &ex->rq;
	struct static_hit hit;
	struct MHD_Response *r;

	if (rq->method != METHOD_GET) {
		problem_say(rq, &ex->rp, 405, "it takes GET, HEAD");
		ex->rp.allow = "GET, HEAD";
		return http_reply(ex);
	}
	if (!static_find(assets, asset_count, rq->path,
			 rq->header[HEADER_ACCEPT_ENCODING],
			 rq->header[HEADER_IF_NONE_MATCH], &hit)) {
		problem_say(rq, &ex->rp, 404, "no such file");
		return http_reply(ex);
	}
	ex->stage = STAGE_SENT;
	r = asset_cached(ex->http, &hit);
	if (r == NULL)
		return MHD_NO;
	atomic_fetch_add(&rq->api->count.answers[hit.unchanged ? 3 : 2], 1);
	return MHD_queue_response(ex->conn, hit.unchanged ? 304 : 200, r);
}
