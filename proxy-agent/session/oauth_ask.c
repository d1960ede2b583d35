#include <stdio.h>

#include "base/codec.h"
#include "base/json.h"
#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/oauth_impl.h"

#define JWT_S 3600

struct span
oauth_secret(const struct oauth *o, const char *name)
{
	return pairs_find((struct pairs){vault_span(&o->secrets)}, name);
}

struct span
oauth_refresh(const struct oauth *o)
{
	return o->refresh.len > 0 ? vault_span(&o->refresh)
				  : oauth_secret(o, "refresh_token");
}

static enum status
put(struct buf *to, const char *name, struct span value)
{
	enum status st;

	if (value.len == 0)
		return ST_OK;
	st = buf_addf(to, "%s%s=", to->len > 0 ? "&" : "", name);
	return st == ST_OK ? href_escape(value, "", to) : st;
}

static enum status
put_grant(const struct oauth *o, const char *grant, struct buf *to)
{
	enum status st = put(to, "grant_type", span_str(grant));

	if (st == ST_OK)
		st = put(to, "client_id", oauth_secret(o, "client_id"));
	if (st == ST_OK)
		st = put(to, "client_secret", oauth_secret(o, "client_secret"));
	return st;
}

static enum status
ask_by_refresh(const struct oauth *o, int64_t wall_s, struct buf *to)
{
	enum status st = put_grant(o, "refresh_token", to);

	(void)wall_s;
	return st == ST_OK ? put(to, "refresh_token", oauth_refresh(o)) : st;
}

static enum status
ask_by_client(const struct oauth *o, int64_t wall_s, struct buf *to)
{
	enum status st = put_grant(o, "client_credentials", to);

	(void)wall_s;
	if (st == ST_OK)
		st = put(to, "scope", buf_span(&o->scope));
	/* Box wants to hear of whom, by its numbers */
	for (size_t i = 0; i < 2 && st == ST_OK; i++) {
		const char *const names[] = {"user", "enterprise"};
		char name[32];

		snprintf(name, sizeof(name), "%s_id", names[i]);
		if (oauth_secret(o, name).len == 0)
			continue;
		st = put(to, "box_subject_type", span_str(names[i]));
		if (st == ST_OK)
			st = put(to, "box_subject_id", oauth_secret(o, name));
		break;
	}
	return st;
}

/* Who asks for what, signed later. */
static enum status
add_claims(const struct oauth *o, int64_t wall_s, struct buf *to)
{
	struct span email = oauth_secret(o, "client_email");
	struct json j;

	json_init(&j, to);
	json_map(&j);
	json_put_str(&j, "iss", email);
	json_put_str(&j, "scope", buf_span(&o->scope));
	json_put_str(&j, "aud", buf_span(&o->url));
	json_put_i64(&j, "iat", wall_s);
	json_put_i64(&j, "exp", wall_s + JWT_S);
	if (o->subject.len > 0 && !span_eq(buf_span(&o->subject), email))
		json_put_str(&j, "sub", buf_span(&o->subject));
	json_end(&j);
	return json_done(&j);
}

static enum status
add_coded(struct span s, struct buf *to)
{
	return codec_base64(CODEC_BASE64_URL, s, to);
}

static enum status
add_jwt(const struct oauth *o, int64_t wall_s, struct buf *to)
{
	static const char head[] = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";
	struct buf claims, mark;
	enum status st;

	buf_init(&claims, OAUTH_ASK_MAX);
	buf_init(&mark, 4096);
	st = add_coded(span_str(head), to);
	if (st == ST_OK)
		st = buf_add_byte(to, '.');
	if (st == ST_OK)
		st = add_claims(o, wall_s, &claims);
	if (st == ST_OK)
		st = add_coded(buf_span(&claims), to);
	if (st == ST_OK)
		st = rsa_sign(o->key, buf_span(to), &mark);
	if (st == ST_OK)
		st = buf_add_byte(to, '.');
	if (st == ST_OK)
		st = add_coded(buf_span(&mark), to);
	buf_fini(&claims);
	buf_fini(&mark);
	return st;
}

static enum status
ask_by_key(const struct oauth *o, int64_t wall_s, struct buf *to)
{
	struct buf jwt;
	enum status st =
	    put(to, "grant_type",
		span_str("urn:ietf:params:oauth:grant-type:jwt-bearer"));

	buf_init(&jwt, OAUTH_ASK_MAX);
	if (st == ST_OK)
		st = add_jwt(o, wall_s, &jwt);
	if (st == ST_OK)
		st = put(to, "assertion", buf_span(&jwt));
	buf_fini(&jwt);
	return st;
}

static const struct oauth_grant ways[] = {
    {{"token", NULL}, false, NULL},
    {{"refresh_token", "client_id"}, false, ask_by_refresh},
    {{"private_key", "client_email"}, true, ask_by_key},
    {{"client_id", "client_secret"}, false, ask_by_client},
};

enum status
oauth_ask(const struct oauth *o, int64_t wall_s, struct buf *to)
{
	return o->way->ask == NULL ? ST_UNSUPPORTED
				   : o->way->ask(o, wall_s, to);
}

const struct oauth_grant *
oauth_choose(struct pairs access)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		const char *const *n = ways[i].needs;

		if (pairs_find(access, n[0]).len > 0 &&
		    (n[1] == NULL || pairs_find(access, n[1]).len > 0))
			return &ways[i];
	}
	return NULL;
}
