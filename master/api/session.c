#include "master/api/session.h"

#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/str.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "master/api/ask.h"
#include "master/api/serve.h"
#include "master/store/q_sessions.h"

#define SECRET_LEN 32

/* Written at most so often: every request would be a write otherwise. */
#define TOUCH_MS (INT64_C(60) * 1000)

static const struct role {
	const char *name;
	unsigned permissions;
} roles[] = {
    {"admin", PERM_READ | PERM_TRIAGE | PERM_SCAN | PERM_MANAGE},
    {"analyst", PERM_READ | PERM_TRIAGE | PERM_SCAN},
    {"reader", PERM_READ},
};

unsigned
session_permissions(struct span role)
{
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (str_is(role, roles[i].name))
			return roles[i].permissions;
	return PERM_NONE;
}

static struct span
cookie_secret(const char *header)
{
	struct span rest = span_str(header), part;

	while (str_next(&rest, ';', &part)) {
		size_t cut;

		part = str_trim(part);
		cut = str_find(part, '=');
		if (str_is(span_of(part.ptr, cut), SESSION_COOKIE))
			return span_skip(part, cut + 1);
	}
	return span_of(NULL, 0);
}

struct span
session_secret(const struct request *rq, bool *bearer)
{
	struct span given = span_str(rq->header[HEADER_AUTHORIZATION]);

	*bearer = given.len > 0;
	if (!*bearer)
		return cookie_secret(rq->header[HEADER_COOKIE]);
	if (!str_starts(given, "Bearer "))
		return span_of(NULL, 0);
	return str_trim(span_skip(given, strlen("Bearer ")));
}

static enum status
fill_actor(void *arg, const struct session_row *row)
{
	struct request *rq = arg;
	struct actor *a = &rq->actor;
	char *name = arena_str(&rq->arena, row->user_name);
	char *role = arena_str(&rq->arena, row->role);
	int64_t now = serve_now_ms(rq);

	if (name == NULL || role == NULL)
		return ST_NOMEM;
	/* The store knows the longest that is possible, settings may be less.
	 */
	if (now - row->created >= rq->api->session_longest_ms ||
	    now - row->seen >= rq->api->session_idle_ms + TOUCH_MS)
		return ST_DENIED;
	a->user = row->user;
	a->name = span_str(name);
	a->role = span_str(role);
	a->permissions = session_permissions(a->role);
	a->created = row->created;
	a->expires = row->expires;
	memcpy(a->id, row->id, ACTOR_HASH);
	if (now - row->seen >= TOUCH_MS) {
		char hex[2 * ACTOR_HASH + 1], args[2 * ACTOR_HASH + 16];
		struct ask_question q = {
		    .user = row->user,
		    .address = rq->address,
		    .op = "session.touch",
		};

		codec_hex(span_of(row->id, ACTOR_HASH), hex);
		snprintf(args, sizeof(args), "{\"id\":\"%s\"}", hex);
		q.args = span_str(args);
		ask_tell(rq->api->ask, &q);
	}
	return ST_OK;
}

enum status
session_find(struct request *rq)
{
	uint8_t hash[HASH_LEN];
	struct span secret = session_secret(rq, &rq->actor.bearer);
	enum status st;

	if (secret.len != SESSION_TEXT)
		return ST_DENIED;
	hash_sha256(secret, hash);
	st = q_session_get(rq->db, hash, serve_now_ms(rq), fill_actor, rq);
	return st == ST_NOTFOUND ? ST_DENIED : st;
}

enum status
session_make(char text[SESSION_TEXT + 1], uint8_t hash[ACTOR_HASH])
{
	uint8_t secret[SECRET_LEN];
	struct buf b;
	enum status st;

	random_bytes(secret, sizeof(secret));
	buf_init(&b, 64);
	st =
	    codec_base64(CODEC_BASE64_URL, span_of(secret, sizeof(secret)), &b);
	if (st == ST_OK)
		st = str_copy(text, SESSION_TEXT + 1, buf_span(&b));
	if (st == ST_OK)
		hash_sha256(span_str(text), hash);
	buf_fini(&b);
	secret_wipe(secret, sizeof(secret));
	return st;
}

void
session_cookie(struct reply *rp, const char *text)
{
	snprintf(rp->cookie, sizeof(rp->cookie),
		 SESSION_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Strict"
				"%s",
		 text == NULL ? "" : text, text == NULL ? "; Max-Age=0" : "");
}
