#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/str.h"
#include "crypto/hash.h"
#include "master/access/proof.h"
#include "master/api/ask.h"
#include "master/api/idem.h"
#include "master/api/limits.h"
#include "master/api/router.h"
#include "master/api/serve.h"
#include "master/api/session.h"
#include "master/api/sse.h"
#include "master/proc/peers.h"
#include "master/store/q_sessions.h"
#include "master/store/q_users.h"
#include "master/store/store.h"
#include "sys/file.h"

/*
 * Whole requests against a real store and a core that is played: no socket, no
 * HTTP library.
 */
#define NOW_MS   INT64_C(1700000000000)
#define CODE     "ABCD-EFGH-JKMN-PQRS"
#define PASSWORD "a long enough pass phrase"
#define MINUTE   (INT64_C(60) * 1000)

static const char secret[] = "SSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS";

struct world {
	struct clock_fake clock;
	struct api api;
	struct store *db;
	char dir[64], file[96];
	/* the played core */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t woken;
	bool work, over;
	unsigned http;      /* what it answers */
	const char *answer; /* NULL: it takes nothing */
	char ops[512];      /* what it was asked, a space behind each */
	char args[4096];    /* of the last question */
};

/* ---- the played core ------------------------------------------------------
 */

static void
wake_core(void *arg)
{
	struct world *w = arg;

	pthread_mutex_lock(&w->lock);
	w->work = true;
	pthread_cond_signal(&w->woken);
	pthread_mutex_unlock(&w->lock);
}

struct asked {
	struct world *w;
	uint64_t tags[8];
	size_t count;
};

static enum status
take_question(void *arg, struct span body)
{
	struct asked *a = arg;
	struct peer_ask m;
	size_t n = strlen(a->w->ops);

	assert_int_equal(peer_ask_unpack(body, &m), ST_OK);
	snprintf(a->w->ops + n, sizeof(a->w->ops) - n, "%.*s ", (int)m.op.len,
		 (const char *)m.op.ptr);
	snprintf(a->w->args, sizeof(a->w->args), "%.*s", (int)m.args.len,
		 (const char *)m.args.ptr);
	a->tags[a->count++] = m.tag;
	return ST_OK;
}

static void
answer_all(struct world *w)
{
	struct asked a = {.w = w};

	ask_flush(w->api.ask, take_question, &a);
	for (size_t i = 0; i < a.count; i++) {
		struct peer_answer m = {.tag = a.tags[i],
					.http = (uint16_t)w->http,
					.body = span_str(w->answer)};
		struct buf b;

		buf_init(&b, 65536);
		assert_int_equal(peer_answer_pack(&m, &b), ST_OK);
		ask_answered(w->api.ask, buf_span(&b));
		buf_fini(&b);
	}
}

static void *
core(void *arg)
{
	struct world *w = arg;
	bool over = false;

	while (!over) {
		pthread_mutex_lock(&w->lock);
		while (!w->work && !w->over)
			pthread_cond_wait(&w->woken, &w->lock);
		w->work = false;
		over = w->over;
		pthread_mutex_unlock(&w->lock);
		answer_all(w);
	}
	return NULL;
}

/* ---- the world ------------------------------------------------------------
 */

static void
no_sleep(void *conn)
{
	(void)conn;
}

static void
add_people(struct world *w)
{
	char hash[PASSWD_TEXT_LEN], code[PROOF_HASH_HEX];
	struct session_row row = {.user = 1,
				  .created = NOW_MS,
				  .seen = NOW_MS,
				  .expires = NOW_MS + SESSION_ABSOLUTE_MS,
				  .address = span_str("-"),
				  .client = span_str("-")};
	uint8_t digest[HASH_LEN];
	uint64_t id;

	assert_int_equal(passwd_hash(span_str(PASSWORD), hash), ST_OK);
	assert_int_equal(q_user_add(w->db, span_str("Anna"), span_str(hash),
				    span_str("admin"), NOW_MS, &id),
			 ST_OK);
	assert_int_equal(id, 1);
	hash_sha256(span_str(secret), row.id);
	assert_int_equal(q_session_add(w->db, &row), ST_OK);
	hash_sha256(span_str("ABCDEFGHJKMNPQRS"), digest);
	codec_hex(span_of(digest, sizeof(digest)), code);
	assert_int_equal(
	    store_meta_set(w->db, META_SETUP_HASH, code, strlen(code)), ST_OK);
	memcpy(w->api.dummy, hash, sizeof(hash));
}

static int
begin(void **state)
{
	static const struct sse_ops ops = {.sleep = no_sleep, .wake = no_sleep};
	struct world *w = calloc(1, sizeof(*w));
	struct buf why;

	assert_non_null(w);
	snprintf(w->dir, sizeof(w->dir), "/tmp/trawl-serve.XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	snprintf(w->file, sizeof(w->file), "%s/trawl.db", w->dir);
	buf_init(&why, 1024);
	assert_int_equal(store_open(w->file, STORE_CREATE, &w->db, &why),
			 ST_OK);
	buf_fini(&why);
	clock_fake_init(&w->clock, NOW_MS * 1000);
	clock_fake_pass(&w->clock, 3600000000);
	w->clock.wall_us = NOW_MS * 1000;
	w->api.clock = &w->clock.clock;
	w->api.session_idle_ms = SESSION_IDLE_MS;
	w->api.session_longest_ms = SESSION_ABSOLUTE_MS;
	assert_int_equal(ask_open(wake_core, w, &w->api.ask), ST_OK);
	assert_int_equal(idem_open(w->api.clock, &w->api.idem), ST_OK);
	assert_int_equal(limits_open(w->api.clock, &w->api.limits), ST_OK);
	assert_int_equal(sse_open(&ops, 1, &w->api.sse), ST_OK);
	page_key(span_str("key"), w->api.page_key);
	add_people(w);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->woken, NULL);
	w->http = 200;
	w->answer = "{}";
	assert_int_equal(pthread_create(&w->thread, NULL, core, w), 0);
	*state = w;
	return 0;
}

static int
end(void **state)
{
	struct world *w = *state;

	pthread_mutex_lock(&w->lock);
	w->over = true;
	pthread_cond_signal(&w->woken);
	pthread_mutex_unlock(&w->lock);
	assert_int_equal(pthread_join(w->thread, NULL), 0);
	sse_close(w->api.sse);
	limits_close(w->api.limits);
	idem_close(w->api.idem);
	ask_close(w->api.ask);
	store_close(w->db);
	assert_int_equal(file_remove_tree(w->dir), ST_OK);
	free(w);
	return 0;
}

/* ---- one exchange ---------------------------------------------------------
 */

struct call {
	enum method method;
	const char *path, *query, *body;
	const char *header[HEADER__COUNT];
};

struct exchange {
	struct request rq;
	struct reply rp;
	char *text; /* of the body */
};

#define COOKIE                                                                 \
	"theme=dark; __Host-sid=SSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS"

static struct exchange *
run(struct world *w, const struct call *c)
{
	struct exchange *ex = calloc(1, sizeof(*ex));
	enum lane lane;

	assert_non_null(ex);
	arena_init(&ex->rq.arena, REQUEST_ARENA);
	buf_init(&ex->rq.body, BODY_MAX);
	buf_init(&ex->rp.body, REPLY_MAX);
	memcpy(ex->rq.id, "0123456789abcdef", 17);
	memcpy(ex->rq.address, "192.0.2.1", 10);
	memcpy(ex->rq.network, "192.0.2.1", 10);
	ex->rq.api = &w->api;
	ex->rq.db = w->db;
	ex->rq.method = c->method;
	ex->rq.path = span_str(c->path);
	ex->rq.raw_query = span_str(c->query);
	memcpy(ex->rq.header, c->header, sizeof(c->header));
	if (c->body != NULL)
		assert_int_equal(buf_add_str(&ex->rq.body, c->body), ST_OK);
	if (serve_head(&ex->rq, &ex->rp, &lane))
		serve_run(&ex->rq, &ex->rp);
	assert_int_equal(buf_add_byte(&ex->rp.body, '\0'), ST_OK);
	ex->text = (char *)ex->rp.body.data;
	return ex;
}

static void
done(struct exchange *ex)
{
	sse_leave(ex->rp.events);
	buf_fini(&ex->rq.body);
	buf_fini(&ex->rp.body);
	arena_fini(&ex->rq.arena);
	free(ex);
}

/* Run it, expect the status and (unless NULL) a part of the body. */
static void
want(struct world *w, const struct call *c, unsigned status, const char *part)
{
	struct exchange *ex = run(w, c);

	assert_int_equal(ex->rp.status, status);
	if (part != NULL)
		assert_non_null(strstr(ex->text, part));
	done(ex);
}

static struct call
get(const char *path)
{
	return (struct call){.method = METHOD_GET,
			     .path = path,
			     .header = {[HEADER_COOKIE] = COOKIE}};
}

static struct call
post(const char *path, const char *body)
{
	return (struct call){
	    .method = METHOD_POST,
	    .path = path,
	    .body = body,
	    .header = {[HEADER_COOKIE] = COOKIE,
		       [HEADER_FETCH_SITE] = "same-origin",
		       [HEADER_CONTENT_TYPE] = "application/json"}};
}

/* ---- who asks -------------------------------------------------------------
 */

static void
a_session_is_found_by_cookie_or_by_token(void **state)
{
	struct call c = get("/api/v1/session");

	want(*state, &c, 200, "\"name\":\"Anna\"");
	want(*state, &c, 200, "\"kind\":\"cookie\"");
	c.header[HEADER_AUTHORIZATION] =
	    "Bearer SSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS";
	want(*state, &c, 200, "\"kind\":\"bearer\"");
	/* A token that is not good is not made good by the cookie. */
	c.header[HEADER_AUTHORIZATION] = "Basic QTpC";
	want(*state, &c, 401, "/problems/signed-out");
	c.header[HEADER_AUTHORIZATION] = NULL;
	c.header[HEADER_COOKIE] = "sid=SSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS";
	want(*state, &c, 401, NULL);
	c.header[HEADER_COOKIE] = NULL;
	want(*state, &c, 401, NULL);
}

static void
a_session_ends_by_silence_and_in_any_case(void **state)
{
	struct world *w = *state;
	struct call c = get("/api/v1/session");

	w->clock.wall_us += (SESSION_IDLE_MS - 1000) * 1000;
	want(w, &c, 200, NULL);
	w->clock.wall_us += 2000 * 1000;
	want(w, &c, 401, NULL);
	w->clock.wall_us = NOW_MS * 1000;
	/* A setting may make it shorter than the store knows. */
	w->api.session_idle_ms = 5 * MINUTE;
	w->clock.wall_us += 7 * MINUTE * 1000;
	want(w, &c, 401, NULL);
	w->api.session_idle_ms = SESSION_IDLE_MS;
	w->api.session_longest_ms = 6 * MINUTE;
	want(w, &c, 401, NULL);
	w->api.session_longest_ms = SESSION_ABSOLUTE_MS;
	want(w, &c, 200, NULL);
}

static void
use_is_told_to_core_at_most_once_a_minute(void **state)
{
	struct world *w = *state;
	struct call c = get("/api/v1/session");
	struct call ask = get("/metrics");

	want(w, &c, 200, NULL);
	w->clock.wall_us += MINUTE * 1000;
	want(w, &c, 200, NULL);
	/* Questions keep their order: behind this one the touch is told. */
	want(w, &ask, 200, "trawl_core_up 1");
	assert_non_null(strstr(w->ops, "session.touch "));
	w->clock.wall_us -= 1000;
	w->ops[0] = '\0';
	want(w, &c, 200, NULL);
	want(w, &ask, 200, NULL);
	assert_null(strstr(w->ops, "session.touch "));
}

static void
what_one_may_do_follows_from_the_role(void **state)
{
	static const struct {
		const char *role;
		unsigned want;
	} cases[] = {
	    {"admin", PERM_READ | PERM_TRIAGE | PERM_SCAN | PERM_MANAGE},
	    {"analyst", PERM_READ | PERM_TRIAGE | PERM_SCAN},
	    {"reader", PERM_READ},
	    {"Admin", PERM_NONE},
	    {"", PERM_NONE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(session_permissions(span_str(cases[i].role)),
				 cases[i].want);
}

/* ---- changes --------------------------------------------------------------
 */

static void
a_change_with_a_cookie_must_come_from_our_pages(void **state)
{
	struct world *w = *state;
	struct call c = post("/api/v1/agents/1/block", NULL);

	w->http = 404;
	w->answer = "{\"detail\":\"There is no such agent.\"}";
	want(w, &c, 404, "There is no such agent.");
	c.header[HEADER_FETCH_SITE] = "cross-site";
	w->ops[0] = '\0';
	want(w, &c, 403, "/problems/forbidden");
	assert_string_equal(w->ops, "");
	c.header[HEADER_FETCH_SITE] = NULL;
	want(w, &c, 403, NULL);
	/* A token is sent by nobody but its owner. */
	c.header[HEADER_AUTHORIZATION] =
	    "Bearer SSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS";
	want(w, &c, 404, "There is no such agent.");
}

static void
a_body_must_be_json_of_the_table(void **state)
{
	struct call c = post("/api/v1/tokens", "{\"uses\":\"many\"}");

	want(*state, &c, 400, "\"pointer\":\"/uses\"");
	c.header[HEADER_CONTENT_TYPE] = "text/plain";
	want(*state, &c, 415, NULL);
	c = post("/api/v1/tokens", NULL);
	want(*state, &c, 400, "the body is empty");
	c = post("/api/v1/tokens", "{}");
	c.header[HEADER_CONTENT_LENGTH] = "99999999";
	want(*state, &c, 413, NULL);
	c.header[HEADER_CONTENT_LENGTH] = "-1";
	want(*state, &c, 413, NULL);
}

static void
refusals_of_core_become_problems(void **state)
{
	static const struct {
		unsigned http, want;
		const char *answer, *part;
	} cases[] = {
	    {409, 409, "{\"detail\":\"It is over.\"}", "It is over."},
	    {412, 412, "{\"detail\":\"Changed.\"}", "/problems/changed"},
	    {422, 422, "{}", "/problems/unusable"},
	    {507, 507, "{\"detail\":\"Full.\"}", "/problems/full"},
	    {418, 500, "{}", "/problems/internal"},
	    {404, 404, "no json", "/problems/not-found"},
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct call c = post("/api/v1/scans/7/stop", NULL);

		w->http = cases[i].http;
		w->answer = cases[i].answer;
		want(w, &c, cases[i].want, cases[i].part);
		assert_string_equal(w->args, "{\"id\":7}");
	}
}

static void
the_same_key_asks_core_once(void **state)
{
	struct world *w = *state;
	struct call c = post("/api/v1/tokens", "{\"uses\":2}");

	w->http = 201;
	w->answer = "{\"id\":5,\"token\":\"trawl1:h:1:p:s\",\"uses\":2,"
		    "\"expires\":1700000000000}";
	c.header[HEADER_IDEMPOTENCY_KEY] = "the-key-of-this-one";
	want(w, &c, 201, "trawl1:h:1:p:s");
	assert_string_equal(w->ops, "token.create ");
	w->answer = "{\"id\":6,\"token\":\"other\",\"uses\":2}";
	want(w, &c, 201, "trawl1:h:1:p:s");
	assert_string_equal(w->ops, "token.create ");
	c.body = "{\"uses\":3}";
	want(w, &c, 422, "another body");
	c.header[HEADER_IDEMPOTENCY_KEY] = "short";
	want(w, &c, 400, NULL);
}

/* ---- sign-in --------------------------------------------------------------
 */

static void
a_right_password_makes_a_session_and_a_cookie(void **state)
{
	struct world *w = *state;
	struct call c =
	    post("/api/v1/session",
		 "{\"name\":\"anna\",\"password\":\"" PASSWORD "\"}");
	struct exchange *ex;

	c.header[HEADER_COOKIE] = NULL;
	w->http = 201;
	w->answer = "{\"expires\":1700000000000}";
	ex = run(w, &c);
	assert_int_equal(ex->rp.status, 201);
	assert_true(str_starts(span_str(ex->rp.cookie), SESSION_COOKIE "="));
	assert_non_null(strstr(ex->rp.cookie, "; Secure; HttpOnly; "
					      "SameSite=Strict"));
	assert_null(strstr(ex->text, "token"));
	assert_string_equal(w->ops, "session.create ");
	/* Core gets the hash, never what the browser holds. */
	{
		char given[SESSION_TEXT + 1];

		snprintf(given, sizeof(given), "%.*s", SESSION_TEXT,
			 ex->rp.cookie + strlen(SESSION_COOKIE "="));
		assert_null(strstr(w->args, given));
	}
	done(ex);
	c.body =
	    "{\"name\":\"anna\",\"password\":\"" PASSWORD "\",\"bearer\":true}";
	ex = run(w, &c);
	assert_int_equal(ex->rp.status, 201);
	assert_string_equal(ex->rp.cookie, "");
	assert_non_null(strstr(ex->text, "\"token\":\""));
	done(ex);
}

static void
wrong_passwords_and_names_are_told_apart_by_nobody(void **state)
{
	struct world *w = *state;
	struct call known = post("/api/v1/session",
				 "{\"name\":\"Anna\",\"password\":\"wrong\"}");
	struct call unknown = post(
	    "/api/v1/session", "{\"name\":\"Bert\",\"password\":\"wrong\"}");
	struct exchange *a = run(w, &known), *b = run(w, &unknown);

	assert_int_equal(a->rp.status, 401);
	assert_string_equal(a->text, b->text);
	done(a);
	done(b);
	/* Even the right one has to wait after too many wrong ones. */
	for (int i = 0; i < 5; i++)
		want(w, &known, 401, NULL);
	known.body = "{\"name\":\"ANNA\",\"password\":\"" PASSWORD "\"}";
	want(w, &known, 429, NULL);
	clock_fake_pass(&w->clock, 60 * 1000000);
	w->http = 201;
	w->answer = "{\"expires\":1}";
	want(w, &known, 201, NULL);
}

static void
set_up_is_done_once(void **state)
{
	struct call c =
	    post("/api/v1/setup", "{\"code\":\"" CODE "\",\"name\":\"Bert\","
				  "\"password\":\"" PASSWORD "\"}");

	want(*state, &c, 409, "done already");
	c.body = "{\"code\":\"" CODE "\",\"name\":\"Bert\","
		 "\"password\":\"short\"}";
	want(*state, &c, 400, "\"pointer\":\"/password\"");
}

/* ---- reading --------------------------------------------------------------
 */

static void
empty_lists_are_lists(void **state)
{
	static const char *const paths[] = {
	    "/api/v1/findings", "/api/v1/targets", "/api/v1/scans",
	    "/api/v1/agents",   "/api/v1/tokens",  "/api/v1/types",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct call c = get(paths[i]);

		want(*state, &c, 200, "{\"items\":[],\"next\":null,");
	}
	{
		struct call c = get("/api/v1/overview");

		want(*state, &c, 200, "\"scans\":[]");
	}
}

static void
what_is_not_there_is_not_found(void **state)
{
	static const char *const paths[] = {
	    "/api/v1/findings/1",  "/api/v1/findings/1/matches",
	    "/api/v1/targets/t:1", "/api/v1/targets/x",
	    "/api/v1/scans/1",     "/api/v1/scans/1/coverage",
	    "/api/v1/agents/1",    "/api/v1/agents/0",
	    "/api/v1/nothing",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct call c = get(paths[i]);

		want(*state, &c, 404, "/problems/not-found");
	}
}

static void
wrong_parameters_are_all_named(void **state)
{
	struct call c = get("/api/v1/findings");

	c.query = "risk=none&sort=x&colour=red";
	want(*state, &c, 400, "?colour");
	want(*state, &c, 400, "?risk");
	want(*state, &c, 400, "?sort");
	c = get("/api/v1/overview");
	c.query = "x=1";
	want(*state, &c, 400, "?x");
	c.query = "x=%";
	want(*state, &c, 400, "not well formed");
}

static void
a_live_stream_is_given_while_there_is_room(void **state)
{
	struct call c = get("/api/v1/events");
	struct exchange *first = run(*state, &c);

	assert_int_equal(first->rp.status, 200);
	assert_non_null(first->rp.events);
	assert_string_equal(first->rp.type, "text/event-stream");
	want(*state, &c, 503, "too many live streams");
	done(first);
	first = run(*state, &c);
	assert_int_equal(first->rp.status, 200);
	done(first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
	    CASE(a_session_is_found_by_cookie_or_by_token),
	    CASE(a_session_ends_by_silence_and_in_any_case),
	    CASE(use_is_told_to_core_at_most_once_a_minute),
	    CASE(what_one_may_do_follows_from_the_role),
	    CASE(a_change_with_a_cookie_must_come_from_our_pages),
	    CASE(a_body_must_be_json_of_the_table),
	    CASE(refusals_of_core_become_problems),
	    CASE(the_same_key_asks_core_once),
	    CASE(a_right_password_makes_a_session_and_a_cookie),
	    CASE(wrong_passwords_and_names_are_told_apart_by_nobody),
	    CASE(set_up_is_done_once),
	    CASE(empty_lists_are_lists),
	    CASE(what_is_not_there_is_not_found),
	    CASE(wrong_parameters_are_all_named),
	    CASE(a_live_stream_is_given_while_there_is_room),
#undef CASE
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
