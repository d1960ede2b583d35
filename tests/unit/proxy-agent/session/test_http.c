#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"
#include "fake/fake_http.h"
#include "proxy-agent/session/http.h"
#include "sys/pace.h"

#define OK_HEAD "HTTP/1.1 200 OK\r\n"
#define BUSY    "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
#define ASKS                                                                   \
	"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"           \
	"Content-Length: 2\r\n\r\nno"
#define LARGE (3u << 20)

/* "user:word" */
#define BASIC "Authorization: Basic dXNlcjp3b3Jk"

static const struct fake_page pages[] = {
    {.path = "/plain",
     .answer = OK_HEAD "Content-Type: Text/HTML; charset=\"utf-8\"\r\n"
		       "ETag: \"v1\"\r\nContent-Length: 5\r\n"
		       "Last-Modified: Thu, 01 Jan 1970 00:01:00 GMT\r\n\r\n"
		       "hello"},
    {.path = "/moved",
     .answer = "HTTP/1.1 302 Found\r\nLocation: /plain\r\n"
	       "Content-Length: 0\r\n\r\n"},
    {.path = "/twice",
     .answer = "HTTP/1.1 302 Found\r\nLocation: /moved\r\n"
	       "Content-Length: 0\r\n\r\n"},
    {.path = "/signed",
     .needs = "Authorization: Bearer new",
     .refuses = "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n",
     .answer = OK_HEAD "Content-Length: 2\r\n\r\nin"},
    {.path = "/busy",
     .first = 2,
     .before = BUSY,
     .answer = OK_HEAD "Content-Length: 2\r\n\r\nok"},
    {.path = "/busy-always", .first = 1000, .before = BUSY, .answer = ""},
    {.path = "/later",
     .first = 1,
     .before = "HTTP/1.1 429 Slow\r\nRetry-After: 1\r\n"
	       "Content-Length: 0\r\n\r\n",
     .answer = OK_HEAD "Content-Length: 2\r\n\r\nok"},
    {.path = "/large",
     .answer = OK_HEAD "Content-Length: 3145728\r\n\r\n",
     .filler = LARGE},
    {.path = "/cut", .answer = OK_HEAD "Content-Length: 100\r\n\r\n0123456789"},
    {.path = "/cut-no",
     .answer = "HTTP/1.1 401 No\r\nContent-Length: 100\r\n\r\n0123456789"},
    {.path = "/half-head",
     .first = 1,
     .before = "HTTP/1.1 200 OK\r\nServer: made up\r\nContent-Le",
     .answer = OK_HEAD "Content-Length: 2\r\n\r\nok"},
    {.path = "/no-head", .answer = "HTTP/1.1 200 OK\r\nServer: made up\r\n"},
    /* the first time cut, and no version to go on with */
    {.path = "/anew",
     .first = 1,
     .before = OK_HEAD "Content-Length: 10\r\n\r\nabcde",
     .answer = OK_HEAD "Content-Length: 10\r\n\r\nABCDEFGHIJ"},
    /* the first time cut behind "abcde", then the rest of it by a range */
    {.path = "/resumed",
     .needs = "Range: bytes=5-\r\nIf-Match: \"v7\"",
     .refuses = OK_HEAD "ETag: \"v7\"\r\nContent-Length: 10\r\n\r\nabcde",
     .answer = "HTTP/1.1 206 Partial\r\nETag: \"v7\"\r\n"
	       "Content-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\nfghij"},
    {.path = "/replaced",
     .needs = "Range: bytes=5-",
     .refuses = OK_HEAD "ETag: \"v7\"\r\nContent-Length: 10\r\n\r\nabcde",
     .answer = OK_HEAD "ETag: \"v8\"\r\nContent-Length: 10\r\n\r\nABCDEFGHIJ"},
    {.path = "/silent", .answer = "", .hang = 1},
    {.path = "/stuck",
     .answer = OK_HEAD "Content-Length: 100\r\n\r\n0123456789",
     .hang = 2},
    {.path = "/secret",
     .needs = BASIC,
     .refuses = ASKS,
     .answer = OK_HEAD "Content-Length: 2\r\n\r\nin"},
    {.path = "/never",
     .needs = "Authorization: Basic bm9ib2R5Om5vYm9keQ==",
     .refuses = ASKS,
     .answer = ""},
    {.path = "/cookie",
     .answer = OK_HEAD "Set-Cookie: seen=1; Path=/\r\n"
		       "Content-Length: 0\r\n\r\n"},
    /* sign-ins: heard, and not answered or not whole */
    {.path = "/mute", .answer = ""},
    {.path = "/mute-twice",
     .first = 2,
     .before = "",
     .answer = OK_HEAD "Content-Length: 2\r\n\r\nin"},
    {.path = "/endless-head", .answer = OK_HEAD "X: ", .filler = 400000},
    {.path = "/to-file",
     .answer = "HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\n"
	       "Content-Length: 0\r\n\r\n"},
    {.path = "/noise", .answer = "no head of HTTP\r\n\r\n"},
    {.path = NULL},
};

struct world {
	struct fake_http server;
	struct http *http;
	struct pace pace;
	char url[128];
};

static struct span
at(struct world *w, const char *path)
{
	snprintf(w->url, sizeof(w->url), "http://127.0.0.1:%u%s",
		 w->server.port, path);
	return span_str(w->url);
}

static void
begin(struct world *w, const char *user, const char *password)
{
	struct http_options o = {.user = span_str(user),
				 .password = span_str(password),
				 .limits = http_limits_default};

	o.limits.pause_ms = 1;
	o.limits.stall_ms = 300;
	o.limits.calls = 4;
	o.pace = &w->pace;
	pace_init(&w->pace, clock_system());
	fake_http_start(&w->server, pages);
	o.site = at(w, "/");
	assert_int_equal(http_open(&o, &w->http), ST_OK);
}

static void
end(struct world *w)
{
	http_close(w->http);
	fake_http_stop(&w->server);
	/* whatever became of a call: nobody waits for it any more */
	assert_int_equal(w->pace.under_way, 0);
	assert_int_equal(w->pace.waits, 0);
}

static enum status
fetch(struct world *w, const char *path, struct buf *body, unsigned *code)
{
	const struct http_request r = {.url = at(w, path)};

	buf_clear(body);
	*code = 0;
	return http_fetch(w->http, &r, body, code);
}

static void
an_answer_has_a_head_and_a_body(void **state)
{
	const struct http_reply *reply;
	struct http_request r = {0};
	struct http_call *c;
	struct world w;
	char got[16];
	size_t n;

	(void)state;
	begin(&w, NULL, NULL);
	r.url = at(&w, "/plain");
	assert_int_equal(http_start(w.http, &r, &c), ST_OK);
	assert_int_equal(http_head(c, &reply), ST_OK);
	assert_int_equal(reply->code, 200);
	assert_int_equal(reply->length, 5);
	assert_int_equal(reply->modified, 60);
	assert_true(span_eq(reply->type, span_str("text/html")));
	assert_true(span_eq(reply->charset, span_str("utf-8")));
	assert_true(span_eq(reply->etag, span_str("\"v1\"")));
	assert_int_equal(http_read(c, got, sizeof(got), &n), ST_OK);
	assert_int_equal(n, 5);
	assert_memory_equal(got, "hello", 5);
	assert_int_equal(http_read(c, got, sizeof(got), &n), ST_OK);
	assert_int_equal(n, 0);
	http_stop(c);
	assert_int_equal(w.pace.answers, 1);
	assert_int_equal(w.pace.bytes, 5);
	end(&w);
}

static void
a_redirect_is_shown_and_not_followed(void **state)
{
	struct world w;
	struct buf body;
	unsigned code;

	(void)state;
	begin(&w, NULL, NULL);
	buf_init(&body, 100);
	assert_int_equal(fetch(&w, "/moved", &body, &code), ST_OK);
	assert_int_equal(code, 302);
	assert_int_equal(fetch(&w, "/to-file", &body, &code), ST_OK);
	assert_int_equal(code, 302);
	assert_int_equal(w.server.seen->all, 2);
	buf_fini(&body);
	end(&w);
}

static void
a_server_that_is_busy_is_asked_again(void **state)
{
	struct world w;
	struct buf body;
	unsigned code;

	(void)state;
	begin(&w, NULL, NULL);
	buf_init(&body, 100);
	assert_int_equal(fetch(&w, "/busy", &body, &code), ST_OK);
	assert_int_equal(code, 200);
	assert_int_equal(w.server.seen->all, 3);
	assert_true(http_room(w.http) < 4);
	assert_int_equal(fetch(&w, "/busy-always", &body, &code), ST_OK);
	assert_int_equal(code, 503);
	assert_int_equal(w.server.seen->all, 3 + 5);
	buf_fini(&body);
	end(&w);
}

static void
the_pause_that_a_server_asks_for_is_kept(void **state)
{
	struct world w;
	struct buf body;
	unsigned code;
	struct timespec from, to;

	(void)state;
	begin(&w, NULL, NULL);
	buf_init(&body, 100);
	clock_gettime(CLOCK_MONOTONIC, &from);
	assert_int_equal(fetch(&w, "/later", &body, &code), ST_OK);
	clock_gettime(CLOCK_MONOTONIC, &to);
	assert_int_equal(code, 200);
	assert_true((to.tv_sec - from.tv_sec) * 1000000000L + to.tv_nsec -
			from.tv_nsec >=
		    1000000000L);
	buf_fini(&body);
	end(&w);
}

static void
a_large_body_comes_in_pieces(void **state)
{
	const struct http_reply *reply;
	struct http_request r = {0};
	struct http_call *c;
	struct world w;
	static char piece[10000];
	size_t n = 1, sum = 0;

	(void)state;
	begin(&w, NULL, NULL);
	r.url = at(&w, "/large");
	assert_int_equal(http_start(w.http, &r, &c), ST_OK);
	assert_int_equal(http_head(c, &reply), ST_OK);
	while (n > 0) {
		assert_int_equal(http_read(c, piece, sizeof(piece), &n), ST_OK);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(piece[i], 'x');
		sum += n;
	}
	assert_int_equal(sum, LARGE);
	http_stop(c);
	end(&w);
}

/* Four bodies, read in turn: none is lost while another is waited for. */
static void
calls_go_on_side_by_side(void **state)
{
	const struct http_reply *reply;
	struct http_request r = {0};
	struct http_call *c[4], *more;
	struct world w;
	static char piece[100000];
	size_t n, sum = 0, open = 4;
	bool over[4] = {false};

	(void)state;
	begin(&w, NULL, NULL);
	r.url = at(&w, "/large");
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(http_start(w.http, &r, &c[i]), ST_OK);
	assert_int_equal(http_start(w.http, &r, &more), ST_FULL);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(http_head(c[i], &reply), ST_OK);
	for (size_t i = 0; open > 0; i = (i + 1) % 4) {
		if (over[i])
			continue;
		assert_int_equal(http_read(c[i], piece, sizeof(piece), &n),
				 ST_OK);
		sum += n;
		over[i] = n == 0;
		open -= n == 0;
	}
	assert_int_equal(sum, 4 * (size_t)LARGE);
	end(&w);
}

static void
redirects_are_followed_as_far_as_a_request_allows(void **state)
{
	static const struct {
		const char *path;
		unsigned hops, code;
	} cases[] = {{"/moved", 0, 302},
		     {"/moved", 1, 200},
		     {"/twice", 1, 302},
		     {"/twice", 2, 200},
		     {"/to-file", 3, 302}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct http_request r = {.hops = cases[i].hops};
		struct world w;
		struct buf body;
		unsigned code = 0;

		begin(&w, NULL, NULL);
		buf_init(&body, 100);
		r.url = at(&w, cases[i].path);
		assert_int_equal(http_fetch(w.http, &r, &body, &code), ST_OK);
		assert_int_equal(code, cases[i].code);
		buf_fini(&body);
		end(&w);
	}
}

static enum status
sign_in_at(struct world *w, const char *path, bool secret)
{
	struct http_request r = {.method = "POST",
				 .body = span_str("client_secret=made-up"),
				 .secret = secret};
	struct buf body;
	unsigned code = 0;
	enum status st;

	r.url = at(w, path);
	buf_init(&body, 200);
	st = http_fetch(w->http, &r, &body, &code);
	buf_fini(&body);
	return st;
}

static void
a_secret_whose_answers_break_off_goes_out_three_times(void **state)
{
	static const char *const paths[] = {"/mute", "/cut"};
	struct world w;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		begin(&w, NULL, NULL);
		assert_int_equal(sign_in_at(&w, paths[i], true), ST_IO);
		assert_int_equal(w.server.seen->all, HTTP_REFUSALS);
		assert_int_equal(sign_in_at(&w, paths[i], true), ST_IO);
		assert_int_equal(w.server.seen->all, HTTP_REFUSALS);
		assert_non_null(strstr(http_why(w.http), "is not sent again"));
		/* what is no secret may be asked for as before */
		assert_int_equal(sign_in_at(&w, paths[i], false), ST_IO);
		assert_true(w.server.seen->all > 2 * HTTP_REFUSALS);
		end(&w);
	}
}

static void
a_sign_in_that_is_answered_may_break_off_again_later(void **state)
{
	struct world w;

	(void)state;
	begin(&w, NULL, NULL);
	assert_int_equal(sign_in_at(&w, "/mute-twice", true), ST_OK);
	assert_int_equal(w.server.seen->all, 3);
	assert_int_equal(sign_in_at(&w, "/mute", true), ST_IO);
	assert_int_equal(w.server.seen->all, 3 + HTTP_REFUSALS);
	end(&w);
}

static void
a_server_that_is_not_there_heard_no_secret(void **state)
{
	struct world w;

	(void)state;
	begin(&w, NULL, NULL);
	fake_http_stop(&w.server);
	for (unsigned i = 0; i < HTTP_REFUSALS; i++)
		assert_int_equal(sign_in_at(&w, "/secret", true), ST_CLOSED);
	http_close(w.http);
}

struct signer {
	unsigned mark, asked, heard; /* heard: the mark that was refused */
	bool renews;
	unsigned good; /* from this mark on it is none that is over */
};

static enum status
sign(void *arg, const struct http_request *r, struct http_lines *to)
{
	const struct signer *s = arg;

	(void)r;
	http_mark(to, s->mark);
	return http_line(
	    to, "Authorization",
	    span_str(s->mark < s->good ? "Bearer old" : "Bearer new"));
}

static enum status
denied(void *arg, unsigned mark)
{
	struct signer *s = arg;

	s->asked++;
	s->heard = mark;
	s->mark += s->renews;
	return ST_OK;
}

/* Once more as well when others used up in the meantime what it got. */
static void
what_was_signed_with_something_that_is_over_is_signed_again(void **state)
{
	static const struct {
		unsigned renews, good, code, asked;
	} cases[] = {
	    {0, 8, 401, 1},
	    {1, 8, 200, 1},
	    {1, 9, 200, 2},
	    {1, 10, 401, 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct signer s = {.mark = 7,
				   .renews = cases[i].renews,
				   .good = cases[i].good};
		struct http_request r = {
		    .sign = sign, .denied = denied, .arg = &s};
		struct world w;
		struct buf body;
		unsigned code = 0;

		begin(&w, NULL, NULL);
		buf_init(&body, 100);
		r.url = at(&w, "/signed");
		assert_int_equal(http_fetch(w.http, &r, &body, &code), ST_OK);
		assert_int_equal(code, cases[i].code);
		assert_int_equal(s.asked, cases[i].asked);
		assert_int_equal(s.heard, 6 + s.asked);
		buf_fini(&body);
		end(&w);
	}
}

static enum status
cannot_sign(void *arg, const struct http_request *r, struct http_lines *to)
{
	const enum status *st = arg;

	(void)r;
	(void)to;
	return *st;
}

static void
a_way_to_the_sign_in_that_breaks_is_no_refusal(void **state)
{
	static const struct {
		enum status st, want;
	} cases[] = {
	    {ST_DENIED, ST_DENIED},   {ST_USAGE, ST_DENIED},
	    {ST_TIMEOUT, ST_TIMEOUT}, {ST_CLOSED, ST_IO},
	    {ST_IO, ST_IO},           {ST_NOTFOUND, ST_IO},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum status st = cases[i].st;
		struct http_request r = {.sign = cannot_sign, .arg = &st};
		struct world w;
		struct buf body;
		unsigned code = 0;

		begin(&w, NULL, NULL);
		buf_init(&body, 100);
		r.url = at(&w, "/plain");
		assert_int_equal(http_fetch(w.http, &r, &body, &code),
				 cases[i].want);
		assert_non_null(strstr(http_why(w.http), "signing in"));
		buf_fini(&body);
		end(&w);
	}
}

static void
a_body_is_cut_at_the_cap(void **state)
{
	struct http_request r = {.cap = 1000000};
	struct world w;
	struct buf body;
	unsigned code;

	(void)state;
	begin(&w, NULL, NULL);
	buf_init(&body, LARGE);
	r.url = at(&w, "/large");
	assert_int_equal(http_fetch(w.http, &r, &body, &code), ST_LIMIT);
	assert_true(body.len <= 1000000);
	buf_fini(&body);
	end(&w);
}

static void
a_body_that_ends_early_is_an_error(void **state)
{
	struct world w;
	struct buf body;
	unsigned code;

	(void)state;
	begin(&w, NULL, NULL);
	buf_init(&body, 1000);
	assert_int_equal(fetch(&w, "/cut", &body, &code), ST_IO);
	assert_int_equal(body.len, 10);
	assert_non_null(strstr(http_why(w.http), "was cut"));
	buf_fini(&body);
	end(&w);
}

static void
a_head_that_breaks_off_is_no_answer(void **state)
{
	struct world w;
	struct buf body;
	unsigned code;

	(void)state;
	begin(&w, NULL, NULL);
	buf_init(&body, 1000);
	assert_int_equal(fetch(&w, "/half-head", &body, &code), ST_OK);
	assert_true(span_eq(buf_span(&body), span_str("ok")));
	assert_int_equal(w.server.seen->all, 2);
	assert_int_equal(fetch(&w, "/no-head", &body, &code), ST_IO);
	assert_non_null(strstr(http_why(w.http), "was cut"));
	buf_fini(&body);
	end(&w);
}

static void
a_cut_body_goes_on_where_it_was_cut(void **state)
{
	struct world w;
	struct buf body;
	unsigned code;

	(void)state;
	begin(&w, NULL, NULL);
	buf_init(&body, 1000);
	assert_int_equal(fetch(&w, "/resumed", &body, &code), ST_OK);
	assert_true(span_eq(buf_span(&body), span_str("abcdefghij")));
	assert_int_equal(w.server.seen->all, 2);
	buf_fini(&body);
	end(&w);
}

static void
a_list_that_breaks_off_is_asked_for_anew(void **state)
{
	struct world w;
	struct buf body;
	unsigned code;

	(void)state;
	begin(&w, NULL, NULL);
	buf_init(&body, 1000);
	assert_int_equal(fetch(&w, "/anew", &body, &code), ST_OK);
	assert_true(span_eq(buf_span(&body), span_str("ABCDEFGHIJ")));
	assert_int_equal(w.server.seen->all, 2);
	assert_int_equal(fetch(&w, "/cut", &body, &code), ST_IO);
	assert_int_equal(body.len, 10);
	assert_int_equal(w.server.seen->all,
			 2 + 1 + http_limits_default.resumes);
	/* a refusal: what was sent with it may be a password */
	w.server.seen->all = 0;
	assert_int_equal(fetch(&w, "/cut-no", &body, &code), ST_IO);
	assert_int_equal(w.server.seen->all, 1);
	buf_fini(&body);
	end(&w);
}

static void
an_answer_that_is_not_http_is_called_so(void **state)
{
	struct world w;
	struct buf body;
	unsigned code;

	(void)state;
	begin(&w, NULL, NULL);
	buf_init(&body, 1000);
	assert_int_equal(fetch(&w, "/noise", &body, &code), ST_IO);
	assert_non_null(strstr(http_why(w.http), "is not HTTP"));
	buf_fini(&body);
	end(&w);
}

static void
two_versions_are_never_mixed(void **state)
{
	struct world w;
	struct buf body;
	unsigned code;

	(void)state;
	begin(&w, NULL, NULL);
	buf_init(&body, 1000);
	assert_int_equal(fetch(&w, "/replaced", &body, &code), ST_IO);
	assert_true(span_eq(buf_span(&body), span_str("abcde")));
	assert_non_null(strstr(http_why(w.http), "changed"));
	buf_fini(&body);
	end(&w);
}

static void
nobody_waits_for_ever(void **state)
{
	struct http_request r = {.no_retry = true};
	struct world w;
	struct buf body;
	unsigned code;

	(void)state;
	begin(&w, NULL, NULL);
	buf_init(&body, 1000);
	r.url = at(&w, "/silent");
	assert_int_equal(http_fetch(w.http, &r, &body, &code), ST_TIMEOUT);
	r.url = at(&w, "/stuck");
	assert_int_equal(http_fetch(w.http, &r, &body, &code), ST_TIMEOUT);
	assert_int_equal(body.len, 10);
	assert_non_null(strstr(http_why(w.http), "too long"));
	buf_fini(&body);
	end(&w);
}

static void
a_head_without_end_is_refused(void **state)
{
	struct world w;
	struct buf body;
	unsigned code;

	(void)state;
	begin(&w, NULL, NULL);
	buf_init(&body, 1000);
	assert_int_not_equal(fetch(&w, "/endless-head", &body, &code), ST_OK);
	buf_fini(&body);
	end(&w);
}

static void
cookies_of_a_site_are_given_back(void **state)
{
	struct world w;
	struct buf body;
	unsigned code;

	(void)state;
	begin(&w, NULL, NULL);
	buf_init(&body, 1000);
	assert_int_equal(fetch(&w, "/cookie", &body, &code), ST_OK);
	assert_int_equal(fetch(&w, "/plain", &body, &code), ST_OK);
	assert_non_null(strstr(w.server.seen->last, "Cookie: seen=1"));
	buf_fini(&body);
	end(&w);
}

static void
a_secret_is_sent_only_when_it_is_asked_for(void **state)
{
	struct world w;
	struct buf body;
	unsigned code;

	(void)state;
	begin(&w, "user", "word");
	buf_init(&body, 1000);
	assert_int_equal(fetch(&w, "/plain", &body, &code), ST_OK);
	assert_null(strstr(w.server.seen->last, "Authorization"));
	assert_int_equal(fetch(&w, "/secret", &body, &code), ST_OK);
	assert_int_equal(code, 200);
	assert_true(span_eq(buf_span(&body), span_str("in")));
	assert_int_equal(fetch(&w, "/secret", &body, &code), ST_OK);
	assert_int_equal(w.server.seen->all, 1 + 2 + 1);
	buf_fini(&body);
	end(&w);
}

static void
a_wrong_secret_is_sent_three_times_and_no_more(void **state)
{
	struct world w;
	struct buf body;
	unsigned code;

	(void)state;
	begin(&w, "user", "wrong");
	buf_init(&body, 1000);
	for (unsigned i = 0; i < 6; i++) {
		assert_int_equal(fetch(&w, "/never", &body, &code), ST_OK);
		assert_int_equal(code, 401);
		assert_int_equal(http_is_refused(w.http), i >= 2);
	}
	/* with and without it three times, then without */
	assert_int_equal(w.server.seen->all, 3 * 2 + 3);
	buf_fini(&body);
	end(&w);
}

static void
a_secret_stays_at_the_site_of_the_target(void **state)
{
	struct http_options o = {.user = span_str("user"),
				 .password = span_str("word"),
				 .site = span_str("http://www.example/"),
				 .limits = http_limits_default};
	struct world w = {0};
	struct http_request r = {0};
	struct buf body;
	unsigned code = 0;

	(void)state;
	fake_http_start(&w.server, pages);
	o.site = span_str("http://127.0.0.1:1/");
	assert_int_equal(http_open(&o, &w.http), ST_OK);
	buf_init(&body, 1000);
	r.url = at(&w, "/secret");
	assert_int_equal(http_fetch(w.http, &r, &body, &code), ST_OK);
	assert_int_equal(code, 401);
	assert_int_equal(w.server.seen->all, 1);
	buf_fini(&body);
	end(&w);
}

static void
this_machine_is_not_reached_for_another_site(void **state)
{
	struct http_options o = {.site = span_str("http://www.example/"),
				 .limits = http_limits_default};
	struct world w = {0};
	struct http_request r = {0};
	struct buf body;
	unsigned code = 0;

	(void)state;
	fake_http_start(&w.server, pages);
	assert_int_equal(http_open(&o, &w.http), ST_OK);
	buf_init(&body, 1000);
	r.url = at(&w, "/plain");
	assert_int_equal(http_fetch(w.http, &r, &body, &code), ST_DENIED);
	assert_non_null(strstr(http_why(w.http), "this machine itself"));
	assert_int_equal(w.server.seen->all, 0);
	buf_fini(&body);
	end(&w);
}

static void
a_limit_is_set_by_its_name(void **state)
{
	struct http_limits l = http_limits_default;

	(void)state;
	assert_int_equal(http_limit_set(&l, "rate", span_str("7")), ST_OK);
	assert_int_equal(l.per_second, 7);
	assert_int_equal(http_limit_set(&l, "timeout", span_str("2s")), ST_OK);
	assert_int_equal(l.stall_ms, 2000);
	assert_int_equal(http_limit_set(&l, "sessions", span_str("0")),
			 ST_LIMIT);
	assert_int_equal(http_limit_set(&l, "sessions", span_str("x")),
			 ST_MALFORMED);
	assert_int_equal(http_limit_set(&l, "nothing", span_str("1")),
			 ST_NOTFOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_secret_whose_answers_break_off_goes_out_three_times),
	    cmocka_unit_test(
		a_sign_in_that_is_answered_may_break_off_again_later),
	    cmocka_unit_test(a_server_that_is_not_there_heard_no_secret),
	    cmocka_unit_test(an_answer_has_a_head_and_a_body),
	    cmocka_unit_test(a_redirect_is_shown_and_not_followed),
	    cmocka_unit_test(a_server_that_is_busy_is_asked_again),
	    cmocka_unit_test(the_pause_that_a_server_asks_for_is_kept),
	    cmocka_unit_test(a_large_body_comes_in_pieces),
	    cmocka_unit_test(calls_go_on_side_by_side),
	    cmocka_unit_test(redirects_are_followed_as_far_as_a_request_allows),
	    cmocka_unit_test(
		what_was_signed_with_something_that_is_over_is_signed_again),
	    cmocka_unit_test(a_way_to_the_sign_in_that_breaks_is_no_refusal),
	    cmocka_unit_test(a_body_is_cut_at_the_cap),
	    cmocka_unit_test(a_body_that_ends_early_is_an_error),
	    cmocka_unit_test(a_head_that_breaks_off_is_no_answer),
	    cmocka_unit_test(a_cut_body_goes_on_where_it_was_cut),
	    cmocka_unit_test(a_list_that_breaks_off_is_asked_for_anew),
	    cmocka_unit_test(an_answer_that_is_not_http_is_called_so),
	    cmocka_unit_test(two_versions_are_never_mixed),
	    cmocka_unit_test(nobody_waits_for_ever),
	    cmocka_unit_test(a_head_without_end_is_refused),
	    cmocka_unit_test(cookies_of_a_site_are_given_back),
	    cmocka_unit_test(a_secret_is_sent_only_when_it_is_asked_for),
	    cmocka_unit_test(a_wrong_secret_is_sent_three_times_and_no_more),
	    cmocka_unit_test(a_secret_stays_at_the_site_of_the_target),
	    cmocka_unit_test(this_machine_is_not_reached_for_another_site),
	    cmocka_unit_test(a_limit_is_set_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
