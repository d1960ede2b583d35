#include <inttypes.h>
#include <stdio.h>

#include "base/str.h"
#include "master/api/out.h"
#include "master/api/resources.h"
#include "master/api/serve.h"
#include "master/store/q_remote.h"
#include "model/order.h"
#include "model/task.h"
#include "source/pairs.h"

/* Targets on other hosts, which proxies read. */
#define LIST "remote-targets"

static void
put_options(struct json *j, struct span bytes)
{
	struct pairs left = {bytes};
	struct span name, value;
	char key[PAIRS_NAME_MAX + 1];

	json_key(j, "options");
	json_map(j);
	while (pairs_next(&left, &name, &value))
		if (str_copy(key, sizeof(key), name) == ST_OK)
			json_put_str(j, key, value);
	json_end(j);
}

static void
put_reader(struct json *j, const struct remote_row *r)
{
	char text[32] = "any";

	if (r->proxy != 0)
		snprintf(text, sizeof(text), "proxy:%" PRIu64, r->proxy);
	else if (r->proxies != 0)
		snprintf(text, sizeof(text), "group:%" PRIu64, r->proxies);
	json_put_cstr(j, "reader", text);
	out_text(j, "reader_name",
		 r->proxy != 0 ? r->proxy_name : r->proxies_name);
}

static void
put_last(struct json *j, const struct remote_row *r)
{
	json_key(j, "last");
	if (r->task == 0) {
		json_nil(j);
		return;
	}
	json_map(j);
	out_id(j, "scan", r->scan);
	json_put_cstr(j, "state", task_state_name(r->state));
	out_ms(j, "ended", r->ended);
	out_text(j, "message", r->message);
	out_text(j, "proxy", r->agent_name);
	json_end(j);
}

static enum status
put_members(void *arg, const struct remote_row *r)
{
	struct json *j = arg;

	out_id(j, "id", r->target);
	json_put_str(j, "name", r->name);
	json_put_str(j, "group", r->group);
	json_put_str(j, "kind", r->kind);
	json_put_str(j, "url", r->url);
	put_options(j, r->options);
	json_put_str(j, "credential", r->credential);
	put_reader(j, r);
	out_ms(j, "created", r->created);
	out_ms(j, "last_scan", r->scanned);
	json_put_u64(j, "findings", r->findings);
	json_put_u64(j, "critical", r->critical);
	json_put_u64(j, "matches", r->matches);
	put_last(j, r);
	return ST_OK;
}

static enum status
put_remote(void *arg, const struct remote_row *r)
{
	enum status st;

	json_map(arg);
	st = put_members(arg, r);
	json_end(arg);
	return st;
}

void
r_remotes_list(struct request *rq, struct reply *rp)
{
	struct span cursor;
	struct json j;
	uint64_t skip = 0, total = 0;
	uint32_t limit;
	char next[24] = "";
	enum status st;

	if (!serve_page(rq, rp, LIST, &limit, &cursor))
		return;
	if (cursor.len > 0 && str_to_u64(cursor, 0, UINT32_MAX, &skip) != ST_OK)
		skip = 0;
	reply_json(rp, 200, &j);
	json_map(&j);
	json_key(&j, "items");
	json_list(&j);
	st = q_remotes_list(rq->db, skip, limit, put_remote, &j);
	json_end(&j);
	if (st == ST_OK)
		st = q_remotes_count(rq->db, &total);
	if (skip + limit < total)
		snprintf(next, sizeof(next), "%" PRIu64, skip + limit);
	reply_next(rq, &j, LIST, next);
	json_put_u64(&j, "total", total);
	json_put_bool(&j, "total_exact", true);
	json_end(&j);
	if (st != ST_OK)
		reply_failed(rq, rp, st, "reading the targets");
	else
		reply_done(rq, rp, &j);
}

static void
say_remote(struct request *rq, struct reply *rp, unsigned status, uint64_t id)
{
	struct json j;
	enum status st;

	reply_json(rp, status, &j);
	json_map(&j);
	st = q_remote_get(rq->db, id, put_members, &j);
	if (st != ST_OK) {
		reply_failed(rq, rp, st, "reading the target");
		return;
	}
	json_end(&j);
	reply_done(rq, rp, &j);
}

void
r_remote_get(struct request *rq, struct reply *rp)
{
	uint64_t id = serve_id(rq, rp);

	if (id != 0)
		say_remote(rq, rp, 200, id);
}

/* ---- changes
 * ----------------------------------------------------------------- */

#define SHARED_FIELDS                                                          \
	{"name", FIELD_TEXT, false, 0, 128, 0, NULL, NULL},                    \
	    {"group", FIELD_TEXT, false, 0, 128, 0, NULL, NULL},               \
	    {"options", FIELD_WORDS, false, 0, 64, 4096, NULL, NULL},          \
	    {"credential", FIELD_TEXT, false, 0, 64, 0, NULL, NULL},           \
	{                                                                      \
		"reader", FIELD_TEXT, false, 1, 32, 0, NULL, NULL              \
	}

static const struct field new_fields[] = {
    {"url", FIELD_TEXT, true, 1, 2048, 0, NULL, NULL},
    SHARED_FIELDS,
};

static const struct field change_fields[] = {SHARED_FIELDS};

static void
put_word(void *arg, struct span name, struct span v)
{
	char key[PAIRS_NAME_MAX + 1];

	/* A longer one is none that any kind has; core says so of this one. */
	if (str_copy(key, sizeof(key), name) != ST_OK)
		snprintf(key, sizeof(key), "%.60s...", (const char *)name.ptr);
	json_put_str(arg, key, v);
}

static void
put_args(struct json *j, const struct body *b, uint64_t id)
{
	static const char *const texts[] = {"url", "name", "group",
					    "credential", "reader"};

	json_map(j);
	if (id != 0)
		json_put_u64(j, "id", id);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (body_has(b, texts[i]))
			json_put_str(j, texts[i], body_text(b, texts[i]));
	if (body_has(b, "options")) {
		json_key(j, "options");
		json_map(j);
		body_words(b, "options", put_word, j);
		json_end(j);
	}
	json_end(j);
}

/* Core does it; the number of the target, or 0 and the reply is made. */
static uint64_t
order(struct request *rq, struct reply *rp, const char *op,
      const struct body *b, uint64_t id)
{
	struct body *done = NULL;
	struct buf args;
	struct json j;
	uint64_t made = 0;

	buf_init(&args, BODY_MAX);
	json_init(&j, &args);
	put_args(&j, b, id);
	if (json_done(&j) != ST_OK)
		reply_failed(rq, rp, ST_NOMEM, "changing a target");
	else if (serve_ask(rq, rp, op, buf_span(&args), &done))
		made = (uint64_t)body_int(done, "id", 0);
	body_close(done);
	buf_fini(&args);
	return made;
}

void
r_remotes_post(struct request *rq, struct reply *rp)
{
	struct body *b = NULL;
	uint64_t id;

	if (!serve_body(rq, rp, new_fields,
			sizeof(new_fields) / sizeof(new_fields[0]), &b))
		return;
	id = order(rq, rp, "remote.create", b, 0);
	if (id != 0)
		say_remote(rq, rp, 201, id);
	if (id != 0 && rp->status == 201)
		snprintf(rp->location, sizeof(rp->location),
			 "/api/v1/remote-targets/%" PRIu64, id);
	body_close(b);
}

void
r_remote_patch(struct request *rq, struct reply *rp)
{
	uint64_t id = serve_id(rq, rp);
	struct body *b = NULL;

	if (id == 0 ||
	    !serve_body(rq, rp, change_fields,
			sizeof(change_fields) / sizeof(change_fields[0]), &b))
		return;
	if (order(rq, rp, "remote.change", b, id) != 0)
		say_remote(rq, rp, 200, id);
	body_close(b);
}

void
r_remote_delete(struct request *rq, struct reply *rp)
{
	uint64_t id = serve_id(rq, rp);
	char args[48];

	if (id == 0)
		return;
	snprintf(args, sizeof(args), "{\"id\":%" PRIu64 "}", id);
	if (serve_ask(rq, rp, "remote.remove", span_str(args), NULL))
		reply_empty(rp);
}

/* ---- trying one -------------------------------------------------------------
 */

void
r_remote_test(struct request *rq, struct reply *rp)
{
	uint64_t id = serve_id(rq, rp);
	char args[48];

	if (id == 0)
		return;
	snprintf(args, sizeof(args), "{\"id\":%" PRIu64 "}", id);
	serve_pass(rq, rp, 202, "remote.try", span_str(args));
}

static void
probe(struct request *rq, struct reply *rp, uint64_t id, const struct body *b)
{
	struct buf args;
	struct json j;

	buf_init(&args, 64 * 1024);
	json_init(&j, &args);
	json_map(&j);
	json_put_u64(&j, "id", id);
	json_put_bool(&j, "probe", true);
	if (body_has(b, "path"))
		json_put_str(&j, "path", body_text(b, "path"));
	json_end(&j);
	if (json_done(&j) != ST_OK)
		reply_failed(rq, rp, ST_NOMEM, "asking a proxy");
	else
		serve_pass(rq, rp, 202, "remote.try", buf_span(&args));
	buf_fini(&args);
}

void
r_remote_probe(struct request *rq, struct reply *rp)
{
	static const struct field fields[] = {
	    {"path", FIELD_TEXT, false, 1, 4096, 0, NULL, NULL},
	};
	uint64_t id = serve_id(rq, rp);
	struct body *b = NULL;

	if (id == 0 || (rq->body.len > 0 && !serve_body(rq, rp, fields, 1, &b)))
		return;
	probe(rq, rp, id, b);
	body_close(b);
}

void
r_try_get(struct request *rq, struct reply *rp)
{
	uint64_t id = serve_id(rq, rp);
	char args[48];

	if (id == 0)
		return;
	snprintf(args, sizeof(args), "{\"try\":%" PRIu64 "}", id);
	serve_pass(rq, rp, 200, "remote.tried", span_str(args));
}
