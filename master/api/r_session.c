#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/log.h"
#include "base/str.h"
#include "base/utf.h"
#include "crypto/passwd.h"
#include "crypto/secret.h"
#include "master/access/proof.h"
#include "master/api/ask.h"
#include "master/api/limits.h"
#include "master/api/problem.h"
#include "master/api/resources.h"
#include "master/api/router.h"
#include "master/api/serve.h"
#include "master/api/session.h"
#include "master/api/sse.h"
#include "master/store/q_users.h"
#include "master/store/store.h"

/*
 * Set-up, sign-in and sign-out. Passwords are checked here, in the lane of the
 * hashes; core makes and ends the rows of sessions.
 */
#define PASSWORD_MIN 12
#define PASSWORD_MAX 256
#define NAME_MAX_LEN 64

/* A name is one line of text that can be told from another. */
static bool
name_good(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < 0x20 || s.ptr[i] == 0x7f)
			return false;
	return s.len > 0 && s.ptr[0] != ' ' && s.ptr[s.len - 1] != ' ';
}

static bool
long_enough(struct span s)
{
	size_t letters = 0;
	uint32_t cp;

	while (s.len > 0) {
		size_t n = utf_decode(s, &cp);

		if (n == 0)
			return false;
		s = span_skip(s, n);
		letters++;
	}
	return letters >= PASSWORD_MIN;
}

static const struct field setup_fields[] = {
    {"code", FIELD_TEXT, true, 4, 64, 0, NULL, NULL},
    {"name", FIELD_TEXT, true, 1, NAME_MAX_LEN, 0, name_good,
     "must be one line without spaces at its ends"},
    {"password", FIELD_TEXT, true, 1, PASSWORD_MAX, 0, long_enough,
     "must have at least 12 characters"},
};

static const struct field sign_in_fields[] = {
    {"name", FIELD_TEXT, true, 1, NAME_MAX_LEN, 0, NULL, NULL},
    {"password", FIELD_TEXT, true, 1, PASSWORD_MAX, 0, NULL, NULL},
    {"bearer", FIELD_BOOLEAN, false, 0, 0, 0, NULL, NULL},
};

static bool
may_try(struct request *rq, struct reply *rp, enum limit kind)
{
	unsigned wait = 0;

	if (limits_take(rq->api->limits, kind, span_str(rq->network), &wait))
		return true;
	problem_say(rq, rp, 429, "too many attempts; wait %u seconds", wait);
	rp->retry_after = wait;
	return false;
}

/* ---- what a session looks like ------------------------------------------ */

static void
put_session(struct json *j, const struct request *rq)
{
	const struct actor *a = &rq->actor;

	json_key(j, "user");
	json_map(j);
	{
		char id[24];

		snprintf(id, sizeof(id), "%llu", (unsigned long long)a->user);
		json_put_cstr(j, "id", id);
		json_put_str(j, "name", a->name);
		json_put_str(j, "role", a->role);
	}
	json_end(j);
	json_key(j, "permissions");
	json_list(j);
	for (unsigned bit = PERM_READ; bit <= PERM_MANAGE; bit <<= 1)
		if ((a->permissions & bit) != 0)
			json_cstr(j, permission_name((enum permission)bit));
	json_end(j);
	json_put_cstr(j, "kind", a->bearer ? "bearer" : "cookie");
	json_put_time(j, "created", a->created * 1000);
	json_put_time(j, "ends", a->expires * 1000);
	json_put_i64(j, "idle_seconds", rq->api->session_idle_ms / 1000);
}

void
r_session_get(struct request *rq, struct reply *rp)
{
	struct json j;

	reply_json(rp, 200, &j);
	json_map(&j);
	put_session(&j, rq);
	json_end(&j);
	reply_done(rq, rp, &j);
}

/* Has core make the session, and tells the client its secret. */
static void
begin_session(struct request *rq, struct reply *rp, bool bearer)
{
	char secret[SESSION_TEXT + 1], hex[2 * ACTOR_HASH + 1];
	struct span client = span_str(rq->header[HEADER_USER_AGENT]);
	struct body *answer = NULL;
	struct buf args;
	struct json j;

	if (session_make(secret, rq->actor.id) != ST_OK) {
		reply_failed(rq, rp, ST_NOMEM, "making a session");
		return;
	}
	codec_hex(span_of(rq->actor.id, ACTOR_HASH), hex);
	buf_init(&args, 4096);
	json_init(&j, &args);
	json_map(&j);
	json_put_u64(&j, "user", rq->actor.user);
	json_put_cstr(&j, "id", hex);
	json_put_cstr(&j, "address", rq->address);
	if (client.len > 0)
		json_put_str(
		    &j, "client",
		    span_of(client.ptr, client.len < 200 ? client.len : 200));
	json_end(&j);
	if (json_done(&j) == ST_OK &&
	    serve_ask(rq, rp, "session.create", buf_span(&args), &answer)) {
		rq->actor.bearer = bearer;
		rq->actor.created = serve_now_ms(rq);
		rq->actor.expires = body_int(answer, "expires", 0);
		reply_json(rp, 201, &j);
		json_map(&j);
		put_session(&j, rq);
		if (bearer)
			json_put_cstr(&j, "token", secret);
		json_end(&j);
		if (!bearer)
			session_cookie(rp, secret);
		reply_done(rq, rp, &j);
	}
	body_close(answer);
	buf_fini(&args);
	secret_wipe(secret, sizeof(secret));
}

/* ---- set-up ------------------------------------------------------------- */

static bool
set_actor(struct request *rq, uint64_t user, struct span name, const char *role)
{
	char *copy = arena_str(&rq->arena, name);

	if (copy == NULL)
		return false;
	rq->actor.user = user;
	rq->actor.name = span_str(copy);
	rq->actor.role = span_str(role);
	rq->actor.permissions = session_permissions(rq->actor.role);
	return true;
}

static bool
make_user(struct request *rq, struct reply *rp, const struct body *b)
{
	char hash[PASSWD_TEXT_LEN];
	struct body *answer = NULL;
	struct buf args;
	struct json j;
	bool good;

	if (passwd_hash(body_text(b, "password"), hash) != ST_OK) {
		reply_failed(rq, rp, ST_NOMEM, "hashing the password");
		return false;
	}
	buf_init(&args, 4096);
	json_init(&j, &args);
	json_map(&j);
	json_put_str(&j, "code", body_text(b, "code"));
	json_put_str(&j, "name", body_text(b, "name"));
	json_put_cstr(&j, "password", hash);
	json_end(&j);
	good = json_done(&j) == ST_OK &&
	       serve_ask(rq, rp, "setup.create", buf_span(&args), &answer);
	if (good)
		good = set_actor(rq, (uint64_t)body_int(answer, "user", 0),
				 body_text(b, "name"), "admin");
	body_close(answer);
	buf_fini(&args);
	secret_wipe(hash, sizeof(hash));
	return good;
}

/*
 * The code is held against its hash before 64 MiB are spent on the password:
 * only who has the code may cost us that. Core looks again and burns it.
 */
static bool
code_good(struct request *rq, struct reply *rp, struct span code)
{
	struct buf want;
	bool any = true, good;

	if (q_users_any(rq->db, &any) == ST_OK && any) {
		problem_say(rq, rp, 409, "the set-up is done already");
		return false;
	}
	buf_init(&want, 256);
	good = store_meta_get(rq->db, META_SETUP_HASH, &want) == ST_OK &&
	       proof_code_good(code, buf_span(&want));
	buf_fini(&want);
	if (!good)
		problem_say(rq, rp, 403, "the set-up code is not right");
	return good;
}

void
r_setup_post(struct request *rq, struct reply *rp)
{
	struct body *b = NULL;

	if (!serve_body(rq, rp, setup_fields,
			sizeof(setup_fields) / sizeof(setup_fields[0]), &b))
		return;
	if (may_try(rq, rp, LIMIT_SET_UP) &&
	    code_good(rq, rp, body_text(b, "code")) && make_user(rq, rp, b)) {
		log_info("set up address=%s", rq->address);
		begin_session(rq, rp, false);
	}
	body_close(b);
}

/* ---- sign-in ------------------------------------------------------------ */

struct found_user {
	uint64_t id;
	char name[NAME_MAX_LEN + 1], role[32], hash[PASSWD_TEXT_LEN];
};

static enum status
keep_user(void *arg, const struct user_row *row)
{
	struct found_user *u = arg;
	enum status st = str_copy(u->name, sizeof(u->name), row->name);

	u->id = row->id;
	if (st == ST_OK)
		st = str_copy(u->role, sizeof(u->role), row->role);
	if (st == ST_OK)
		st = str_copy(u->hash, sizeof(u->hash), row->password);
	return st;
}

/* ST_DENIED for an unknown name too, after the same work. */
static enum status
check_password(struct request *rq, const struct body *b, struct found_user *u)
{
	enum status st =
	    q_user_by_name(rq->db, body_text(b, "name"), keep_user, u);
	enum status right;

	if (st != ST_OK && st != ST_NOTFOUND)
		return st;
	right = passwd_check(body_text(b, "password"),
			     st == ST_OK ? u->hash : rq->api->dummy);
	return st == ST_OK ? right : ST_DENIED;
}

static void
tell_refused(struct request *rq, struct span name)
{
	struct ask_question q = {.address = rq->address,
				 .op = "session.refused"};
	struct buf args;
	struct json j;

	buf_init(&args, 2048);
	json_init(&j, &args);
	json_map(&j);
	json_put_str(&j, "name", name);
	json_put_cstr(&j, "address", rq->address);
	json_put_cstr(&j, "reason", "name or password");
	json_end(&j);
	q.args = buf_span(&args);
	if (json_done(&j) == ST_OK)
		ask_tell(rq->api->ask, &q);
	buf_fini(&args);
}

static void
sign_in(struct request *rq, struct reply *rp, const struct body *b)
{
	struct span name = body_text(b, "name");
	unsigned wait = limits_account_wait(rq->api->limits, name);
	struct found_user u = {.id = 0};
	enum status st;

	if (wait > 0) {
		problem_say(rq, rp, 429,
			    "too many wrong passwords; wait %u seconds", wait);
		rp->retry_after = wait;
		return;
	}
	st = check_password(rq, b, &u);
	if (st == ST_OK) {
		limits_account_good(rq->api->limits, name);
		atomic_fetch_add(&rq->api->count.sign_ins, 1);
		if (set_actor(rq, u.id, span_str(u.name), u.role))
			begin_session(rq, rp, body_bool(b, "bearer", false));
		else
			reply_failed(rq, rp, ST_NOMEM, "signing in");
		/* The role is text of this frame: it is not looked at again. */
		rq->actor.role = span_of(NULL, 0);
	} else if (st == ST_DENIED) {
		limits_account_failed(rq->api->limits, name);
		atomic_fetch_add(&rq->api->count.refused, 1);
		tell_refused(rq, name);
		problem_say(rq, rp, 401, "the name or the password is wrong");
	} else {
		reply_failed(rq, rp, st, "checking the password");
	}
	secret_wipe(&u, sizeof(u));
}

void
r_session_post(struct request *rq, struct reply *rp)
{
	struct body *b = NULL;

	if (!serve_body(rq, rp, sign_in_fields,
			sizeof(sign_in_fields) / sizeof(sign_in_fields[0]), &b))
		return;
	if (may_try(rq, rp, LIMIT_SIGN_IN))
		sign_in(rq, rp, b);
	body_close(b);
}

void
r_session_delete(struct request *rq, struct reply *rp)
{
	char hex[2 * ACTOR_HASH + 1], args[2 * ACTOR_HASH + 16];

	codec_hex(span_of(rq->actor.id, ACTOR_HASH), hex);
	snprintf(args, sizeof(args), "{\"id\":\"%s\"}", hex);
	if (!serve_ask(rq, rp, "session.delete", span_str(args), NULL))
		return;
	sse_drop(rq->api->sse, rq->actor.id);
	session_cookie(rp, NULL);
	reply_empty(rp);
}
