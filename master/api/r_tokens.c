#include <inttypes.h>
#include <stdio.h>

#include "base/str.h"
#include "master/api/out.h"
#include "master/api/resources.h"
#include "master/api/serve.h"
#include "master/store/q_tokens.h"

/* Tokens that enrol agents. A secret is in the answer that made it, only. */

#define HOUR_S 3600

struct tokens {
	struct json *j;
	int64_t now;
	uint64_t count;
};

static enum status
put_token(void *arg, const struct token_row *r)
{
	struct tokens *t = arg;

	if (r->expires <= t->now || r->uses_left == 0 || t->count == 200)
		return ST_OK;
	json_map(t->j);
	out_id(t->j, "id", r->id);
	json_put_str(t->j, "name", r->name);
	json_put_str(t->j, "group", r->group);
	out_ms(t->j, "created", r->created);
	out_ms(t->j, "ends", r->expires);
	json_put_u64(t->j, "uses", (uint64_t)r->uses + r->uses_left);
	json_put_u64(t->j, "uses_left", r->uses_left);
	json_end(t->j);
	t->count++;
	return ST_OK;
}

void
r_tokens_list(struct request *rq, struct reply *rp)
{
	struct json j;
	struct tokens t = {.j = &j, .now = serve_now_ms(rq)};
	enum status st;

	reply_json(rp, 200, &j);
	json_map(&j);
	json_key(&j, "items");
	json_list(&j);
	st = q_tokens_list(rq->db, put_token, &t);
	json_end(&j);
	reply_next(rq, &j, "tokens", "");
	json_put_u64(&j, "total", t.count);
	json_put_bool(&j, "total_exact", t.count < 200);
	json_end(&j);
	if (st != ST_OK)
		reply_failed(rq, rp, st, "reading the tokens");
	else
		reply_done(rq, rp, &j);
}

static bool
line_good(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < 0x20 || s.ptr[i] == 0x7f)
			return false;
	return true;
}

static const struct field fields[] = {
    {"name", FIELD_TEXT, false, 1, 128, 0, line_good, "must be one line"},
    {"group", FIELD_TEXT, false, 1, 128, 0, line_good, "must be one line"},
    {"uses", FIELD_INTEGER, false, 1, 10000, 0, NULL, NULL},
    {"hours", FIELD_INTEGER, false, 1, 720, 0, NULL, NULL},
};

static void
put_args(struct json *j, const struct body *b)
{
	json_map(j);
	if (body_has(b, "name"))
		json_put_str(j, "name", body_text(b, "name"));
	if (body_has(b, "group"))
		json_put_str(j, "group", body_text(b, "group"));
	json_put_i64(j, "ttl", body_int(b, "hours", 24) * HOUR_S);
	json_put_i64(j, "uses", body_int(b, "uses", 1));
	json_end(j);
}

static void
say_token(struct request *rq, struct reply *rp, const struct body *b,
	  const struct body *made)
{
	struct span token = body_text(made, "token");
	uint64_t id = (uint64_t)body_int(made, "id", 0);
	char command[704];
	struct json j;

	snprintf(command, sizeof(command),
		 "sudo trawl-agent enroll %.*s && "
		 "sudo systemctl enable --now trawl-agent",
		 (int)token.len, (const char *)token.ptr);
	reply_json(rp, 201, &j);
	json_map(&j);
	out_id(&j, "id", id);
	json_put_str(&j, "name", body_text(b, "name"));
	json_put_str(&j, "group", body_text(b, "group"));
	out_ms(&j, "created", serve_now_ms(rq));
	out_ms(&j, "ends", body_int(made, "expires", 0));
	json_put_i64(&j, "uses", body_int(made, "uses", 1));
	json_put_i64(&j, "uses_left", body_int(made, "uses", 1));
	json_put_str(&j, "token", token);
	json_put_cstr(&j, "command", command);
	json_end(&j);
	reply_done(rq, rp, &j);
}

void
r_tokens_post(struct request *rq, struct reply *rp)
{
	struct body *b = NULL, *made = NULL;
	struct buf args;
	struct json j;

	if (!serve_body(rq, rp, fields, sizeof(fields) / sizeof(fields[0]), &b))
		return;
	buf_init(&args, 4096);
	json_init(&j, &args);
	put_args(&j, b);
	if (json_done(&j) != ST_OK)
		reply_failed(rq, rp, ST_NOMEM, "making a token");
	else if (serve_ask(rq, rp, "token.create", buf_span(&args), &made))
		say_token(rq, rp, b, made);
	buf_fini(&args);
	body_close(made);
	body_close(b);
}

void
r_token_delete(struct request *rq, struct reply *rp)
{
	uint64_t id = serve_id(rq, rp);
	char args[48];

	if (id == 0)
		return;
	snprintf(args, sizeof(args), "{\"id\":%" PRIu64 "}", id);
	if (serve_ask(rq, rp, "token.delete", span_str(args), NULL))
		reply_empty(rp);
}
