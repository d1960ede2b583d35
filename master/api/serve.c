#include "master/api/serve.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/str.h"
#include "master/api/ask.h"
#include "master/api/filters.h"
#include "master/api/guard.h"
#include "master/api/limits.h"
#include "master/api/once.h"
#include "master/api/problem.h"
#include "master/api/router.h"
#include "master/api/session.h"
#include "master/store/store.h"

/* A query that takes longer is given up: the filter must be narrowed. */
#define STORE_LIMIT_MS 10000

int64_t
serve_now_ms(const struct request *rq)
{
	return clock_wall_us(rq->api->clock) / 1000;
}

/* ---- asking core -------------------------------------------------------- */

static void
say_refusal(struct request *rq, struct reply *rp, unsigned http,
	    struct span answer)
{
	struct problem p = {.status = 0};
	struct body *b = NULL;
	struct span words;

	if (body_open(answer, &p, &b) != ST_OK) {
		problem_say(rq, rp, http, NULL);
		return;
	}
	words = body_text(b, "detail");
	problem_say(rq, rp, http, "%.*s", (int)words.len,
		    (const char *)words.ptr);
	if (http == 429)
		rp->retry_after = 60;
	body_close(b);
}

static bool
take_answer(struct request *rq, struct reply *rp, struct span text,
	    struct body **answer)
{
	struct problem p = {.status = 0};
	enum status st;

	if (answer == NULL)
		return true;
	st = body_open(text, &p, answer);
	if (st == ST_OK)
		return true;
	reply_failed(rq, rp, st, "reading what core said");
	return false;
}

/* True when core did it; its answer is in *text. */
static bool
call_core(struct request *rq, struct reply *rp, const char *op,
	  struct span args, struct buf *text)
{
	struct ask_question q = {
	    .user = rq->actor.user,
	    .address = rq->address,
	    .op = op,
	    .args = args,
	};
	unsigned http = 0;
	enum status st = ask_call(rq->api->ask, &q, &http, text);

	if (st != ST_OK)
		reply_failed(rq, rp, st, op);
	else if (http >= 400)
		say_refusal(rq, rp, http, buf_span(text));
	return st == ST_OK && http < 400;
}

bool
serve_ask(struct request *rq, struct reply *rp, const char *op,
	  struct span args, struct body **answer)
{
	struct buf text;
	bool done;

	buf_init(&text, ASK_ANSWER_MAX);
	done = call_core(rq, rp, op, args, &text) &&
	       take_answer(rq, rp, buf_span(&text), answer);
	buf_fini(&text);
	return done;
}

void
serve_pass(struct request *rq, struct reply *rp, unsigned status,
	   const char *op, struct span args)
{
	struct buf text;
	struct json j;

	buf_init(&text, ASK_ANSWER_MAX);
	if (call_core(rq, rp, op, args, &text)) {
		reply_json(rp, status, &j);
		json_raw(&j, buf_span(&text));
		reply_done(rq, rp, &j);
	}
	buf_fini(&text);
}

bool
serve_body(struct request *rq, struct reply *rp, const struct field *fields,
	   size_t count, struct body **out)
{
	struct problem p = {.status = 0};
	struct body *b = NULL;
	enum status st = body_open(buf_span(&rq->body), &p, &b);

	if (st == ST_OK)
		st = body_check(b, fields, count, &p);
	if (st == ST_OK) {
		*out = b;
		return true;
	}
	body_close(b);
	if (st == ST_MALFORMED)
		problem_reply(rq, rp, &p);
	else
		reply_failed(rq, rp, st, "reading the body");
	return false;
}

/* ---- one request -------------------------------------------------------- */

static void
say_no_route(struct request *rq, struct reply *rp, enum status st,
	     const char *allow)
{
	if (st == ST_UNSUPPORTED) {
		problem_say(rq, rp, 405, "it takes %s", allow);
		rp->allow = allow;
	} else if (st == ST_NOTFOUND) {
		problem_say(rq, rp, 404, "no such path");
	} else {
		problem_say(rq, rp, 400, "the path is not well formed");
	}
}

/*
 * A body a little above the limit is read to its end, so that the client hears
 * why it is refused; a very large one is refused before a byte is read.
 */
static bool
length_good(const struct request *rq)
{
	const char *text = rq->header[HEADER_CONTENT_LENGTH];
	uint64_t n;

	return text == NULL ||
	       str_to_u64(span_str(text), 0, DRAIN_MAX, &n) == ST_OK;
}

bool
serve_head(struct request *rq, struct reply *rp, enum lane *lane)
{
	const char *allow = NULL;
	unsigned wait = 0;
	enum status st;

	if (!limits_take(rq->api->limits, LIMIT_REQUEST, span_str(rq->network),
			 &wait)) {
		problem_say(rq, rp, 429, NULL);
		rp->retry_after = wait;
		return false;
	}
	st = router_find(rq->method, rq->path, &rq->arena, &rq->route,
			 &rq->param, &allow);
	if (st == ST_OK && rq->head && (rq->route->flags & ROUTE_LONG) != 0) {
		st = ST_UNSUPPORTED;
		allow = "GET";
	}
	if (st != ST_OK) {
		say_no_route(rq, rp, st, allow);
		return false;
	}
	if (query_parse(rq->raw_query, &rq->arena, &rq->query) != ST_OK) {
		problem_say(rq, rp, 400, "the query is not well formed");
		return false;
	}
	if (!length_good(rq)) {
		problem_say(rq, rp, 413, "a body may have 1 MiB");
		return false;
	}
	*lane = rq->route->lane;
	return true;
}

/* Who asks, and may they? */
static bool
admit(struct request *rq, struct reply *rp)
{
	unsigned need = rq->route->permission;
	enum status st = need == PERM_NONE ? ST_OK : session_find(rq);

	if (st == ST_DENIED) {
		problem_say(rq, rp, 401, NULL);
		return false;
	}
	if (st != ST_OK) {
		reply_failed(rq, rp, st, "reading the session");
		return false;
	}
	if ((rq->actor.permissions & need) != need) {
		problem_say(rq, rp, 403, "this needs the permission %s",
			    permission_name(rq->route->permission));
		return false;
	}
	return true;
}

static bool
change_good(struct request *rq, struct reply *rp)
{
	if (rq->method == METHOD_GET)
		return true;
	if (!rq->actor.bearer && !guard_same_origin(rq)) {
		problem_say(rq, rp, 403, "the request is not from this site");
		return false;
	}
	if (rq->too_large) {
		problem_say(rq, rp, 413, "a body may have 1 MiB");
		return false;
	}
	if (rq->body.len == 0 && (rq->route->flags & ROUTE_BODY) != 0) {
		problem_say(rq, rp, 400, "the body is empty");
		return false;
	}
	if (rq->body.len > 0 &&
	    !guard_is_json(rq->header[HEADER_CONTENT_TYPE])) {
		problem_say(rq, rp, 415, "Content-Type: application/json");
		return false;
	}
	return true;
}

/* Filters name their own wrong parameters. */
static bool
params_good(struct request *rq, struct reply *rp)
{
	struct problem p = {.status = 0};

	if ((rq->route->flags & ROUTE_FILTER) != 0)
		return true;
	for (size_t i = 0; i < rq->query.count; i++) {
		struct span name = rq->query.pairs[i].name;
		char at[PROBLEM_POINTER];

		if (filters_word(rq->route->params, name))
			continue;
		if ((rq->route->flags & ROUTE_PAGE) != 0 &&
		    filters_word("limit cursor", name))
			continue;
		snprintf(at, sizeof(at), "?%.*s",
			 (int)(name.len < 64 ? name.len : 64),
			 (const char *)name.ptr);
		problem_field(&p, at, "is not known");
	}
	if (p.count > 0)
		problem_reply(rq, rp, &p);
	return p.count == 0;
}

void
serve_run(struct request *rq, struct reply *rp)
{
	struct once once = {.used = false};

	if (!admit(rq, rp) || !change_good(rq, rp) || !params_good(rq, rp) ||
	    !once_begin(rq, rp, &once))
		return;
	if (rq->db != NULL)
		store_limit(rq->db, STORE_LIMIT_MS);
	rq->route->run(rq, rp);
	must(rp->status != 0);
	once_end(rq, rp, &once);
}
