#include "proxy-agent/source/swift/login.h"

#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/bucket/store.h"
#include "proxy-agent/source/http_target.h"
#include "proxy-agent/source/swift/identity.h"

#define NAME_CAP   1024
#define TOKEN_CAP  (64 * 1024)
#define ANSWER_CAP (16u << 20)

/*
 * The first one stays: what was listed lies there, and a token is good where
 * open() looked whether it may be sent.
 */
static enum status
set_storage(struct swift_login *l, struct span url)
{
	struct href u;

	while (url.len > 0 && url.ptr[url.len - 1] == '/')
		url.len--;
	href_split(url, &u);
	if (u.authority.len == 0 || href_port(u.scheme) == 0)
		return ST_MALFORMED;
	return l->storage.len > 0 ? ST_OK : store_set(&l->storage, url);
}

/* ---- Identity ---- */

static struct swift_wish
wish_of(const struct swift_login *l)
{
	return (struct swift_wish){.secrets = l->secrets,
				   .project = buf_span(&l->project),
				   .domain = buf_span(&l->domain),
				   .region = buf_span(&l->region)};
}

static enum status
read_catalogue(struct swift_login *l, const struct swift_identity *how,
	       struct http_call *c)
{
	const struct swift_wish w = wish_of(l);
	uint8_t piece[16 * 1024];
	struct buf body, storage;
	enum status st = ST_OK;
	size_t got = 1;

	buf_init(&body, ANSWER_CAP);
	buf_init(&storage, HREF_MAX);
	while (st == ST_OK && got > 0) {
		st = http_read(c, piece, sizeof(piece), &got);
		if (st == ST_OK)
			st = buf_add(&body, piece, got);
	}
	if (st == ST_OK)
		st = how->read(&w, buf_span(&body), &l->token, &storage);
	if (st == ST_OK)
		st = set_storage(l, buf_span(&storage));
	buf_fini(&body);
	buf_fini(&storage);
	return st;
}

static enum status
ask_identity(struct swift_login *l, const struct swift_identity *how)
{
	struct http_request r = {
	    .method = "POST", .type = "application/json", .secret = true};
	const struct swift_wish w = wish_of(l);
	const struct http_reply *reply;
	struct http_call *c = NULL;
	struct buf url, body;
	enum status st;

	buf_init(&url, HREF_MAX);
	buf_init(&body, TOKEN_CAP);
	st = buf_addf(&url, "%.*s%s", (int)l->auth.len,
		      (const char *)l->auth.data, how->path);
	if (st == ST_OK)
		st = how->ask(&w, &body);
	r.url = buf_span(&url);
	r.body = buf_span(&body);
	if (st == ST_OK)
		st = http_start(l->http, &r, &c);
	if (st == ST_OK)
		st = http_head(c, &reply);
	if (st == ST_OK) {
		l->code = reply->code;
		st = http_code(l->code);
	}
	if (st == ST_OK)
		st = store_set(&l->token, http_header(c, "x-subject-token"));
	if (st == ST_OK)
		st = read_catalogue(l, how, c);
	http_stop(c);
	buf_fini(&url);
	buf_fini(&body);
	return st;
}

/* ---- TempAuth ---- */

static enum status
add_names(void *arg, const struct http_request *r, struct http_lines *to)
{
	const struct swift_login *l = arg;
	enum status st =
	    http_line(to, "X-Auth-User", pairs_find(l->secrets, "user"));

	(void)r;
	return st == ST_OK ? http_line(to, "X-Auth-Key",
				       pairs_find(l->secrets, "password"))
			   : st;
}

static enum status
ask_tempauth(struct swift_login *l)
{
	const struct http_request r = {
	    .url = buf_span(&l->auth),
	    .sign = add_names,
	    .arg = l,
	    .secret = true,
	};
	const struct http_reply *reply;
	struct http_call *c = NULL;
	enum status st = http_start(l->http, &r, &c);

	if (st == ST_OK)
		st = http_head(c, &reply);
	if (st == ST_OK) {
		l->code = reply->code;
		st = http_code(l->code);
	}
	if (st == ST_OK)
		st = store_set(&l->token, http_header(c, "x-auth-token"));
	if (st == ST_OK)
		st = set_storage(l, http_header(c, "x-storage-url"));
	http_stop(c);
	return st;
}

/* ---- both ---- */

enum status
swift_login_renew(struct swift_login *l)
{
	const struct swift_identity *how =
	    swift_identity_of(buf_span(&l->auth));
	enum status st;

	l->code = 0;
	st = how != NULL ? ask_identity(l, how) : ask_tempauth(l);
	if (st == ST_OK && l->token.len == 0)
		st = ST_MALFORMED;
	return st;
}

enum status
swift_login_sign(void *arg, const struct http_request *r, struct http_lines *to)
{
	const struct swift_login *l = arg;

	(void)r;
	return http_line(to, "X-Auth-Token", buf_span(&l->token));
}

static void
say_why(const struct swift_login *l, const struct source_target *t,
	enum status st)
{
	if (l->code == 401 || l->code == 403)
		target_why(t, "the server refused this user, password or key");
	else if (st == ST_NOTFOUND && l->code / 100 == 2)
		target_why(t, "the catalogue names no store of objects there: "
			      "are project and region right?");
	else if (http_why(l->http)[0] == 0 && l->code >= 300)
		target_why(t, "the sign-in answered %u", l->code);
	else
		target_why(t, "%s",
			   http_why(l->http)[0] != 0
			       ? http_why(l->http)
			       : "what answers at the address of auth is no "
				 "sign-in of OpenStack");
}

static enum status
read_options(struct swift_login *l, const struct source_target *t,
	     const struct url *u)
{
	enum status st = store_option(t, u, "auth", &l->auth);
	struct href a;

	if (st == ST_OK)
		st = store_option(t, u, "project", &l->project);
	if (st == ST_OK)
		st = store_option(t, u, "domain", &l->domain);
	if (st == ST_OK)
		st = store_option(t, u, "region", &l->region);
	if (st == ST_OK && l->domain.len == 0)
		st = store_set(&l->domain, span_str("Default"));
	while (l->auth.len > 0 && l->auth.data[l->auth.len - 1] == '/')
		l->auth.len--;
	href_split(buf_span(&l->auth), &a);
	if (st == ST_OK && (a.authority.len == 0 || href_port(a.scheme) == 0)) {
		target_why(t, "the option auth is the address of the sign-in, "
			      "https://HOST/v3, https://HOST/v2.0 or "
			      "https://HOST/auth/v1.0");
		return ST_USAGE;
	}
	return st == ST_OK
		   ? store_in_clear(t, buf_span(&l->auth), "the password")
		   : st;
}

static enum status
take_secrets(struct swift_login *l, const struct source_target *t)
{
	enum status st = vault_open(STORE_SECRETS, &l->vault);

	if (st == ST_OK)
		st = store_secret(&l->vault, "user", source_access(t, "user"));
	if (st == ST_OK)
		st = store_secret(&l->vault, "password",
				  source_access(t, "password"));
	if (st == ST_OK)
		st = store_secret(&l->vault, "api_key",
				  source_access(t, "api_key"));
	if (st == ST_OK)
		l->secrets.bytes = vault_span(&l->vault);
	return st;
}

enum status
swift_login_open(struct swift_login *l, const struct source_target *t,
		 const struct url *u)
{
	struct http_target_use use = {.own_sign = true};
	struct buf *const all[] = {&l->auth, &l->project, &l->domain,
				   &l->region};
	enum status st;

	l->vault.fd = -1;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		buf_init(all[i], HREF_MAX);
	buf_init(&l->token, TOKEN_CAP);
	buf_init(&l->storage, HREF_MAX);
	st = read_options(l, t, u);
	if (st == ST_OK)
		st = take_secrets(l, t);
	use.site = buf_span(&l->auth);
	if (st == ST_OK)
		st = http_target_open(t, &use, &l->http);
	if (st != ST_OK)
		return st;
	st = swift_login_renew(l);
	if (st != ST_OK)
		say_why(l, t, st);
	return st == ST_OK
		   ? store_in_clear(t, buf_span(&l->storage), "the token")
		   : st;
}

void
swift_login_close(struct swift_login *l)
{
	http_close(l->http);
	if (l->vault.base != NULL)
		vault_close(&l->vault);
	buf_fini(&l->auth);
	buf_fini(&l->project);
	buf_fini(&l->domain);
	buf_fini(&l->region);
	buf_fini(&l->token);
	buf_fini(&l->storage);
	l->http = NULL;
}
