#include "proxy-agent/session/oauth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/json.h"
#include "base/str.h"
#include "crypto/rsa.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/stream.h"
#include "sys/vault.h"

#define SECRETS    (48 * 1024)
#define ASK_MAX    (64 * 1024)
#define ANSWER_MAX (64 * 1024)
#define EARLY_MS   60000   /* a token is renewed so long before its end */
#define NEW_MS     60000   /* a token is new so long, */
#define NEW_USES   32      /* and for so many requests */
#define USUAL_MS   3000000 /* when no end was said */
#define JWT_S      3600
#define WHY        512

/* The clouds, and where each is asked. */
static const struct oauth_vendor vendors[] = {
    {"microsoft",
     "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
     "https://graph.microsoft.com/v1.0", NULL},
    {"microsoft-us",
     "https://login.microsoftonline.us/{tenant}/oauth2/v2.0/token",
     "https://graph.microsoft.us/v1.0", NULL},
    {"microsoft-china",
     "https://login.partner.microsoftonline.cn/{tenant}/oauth2/v2.0/token",
     "https://microsoftgraph.chinacloudapi.cn/v1.0", NULL},
    {"google", "https://oauth2.googleapis.com/token",
     "https://www.googleapis.com", NULL},
    {"google-storage", "https://oauth2.googleapis.com/token",
     "https://storage.googleapis.com", NULL},
    {"google-mail", "https://oauth2.googleapis.com/token",
     "https://gmail.googleapis.com", NULL},
    {"dropbox", "https://api.dropboxapi.com/oauth2/token",
     "https://api.dropboxapi.com", "https://content.dropboxapi.com"},
    {"box", "https://api.box.com/oauth2/token", "https://api.box.com", NULL},
};

struct way;

struct oauth {
	struct http *http; /* to the place of sign-in alone */
	struct buf url, scope, subject, tenant;
	struct vault secrets; /* pairs of the credential */
	struct vault token;
	struct vault refresh; /* the newest, when they are given anew */
	struct rsa *key;
	const struct way *way;
	uint64_t issued_ms, ends_ms; /* of the token; 0: none yet */
	unsigned mark, uses;         /* of the token */
	unsigned futile;             /* refused as soon as given, in a row */
	bool refused;
	char why[WHY];
};

/* A way to sign in: what it needs, and what it says. */
struct way {
	const char *needs[2];
	enum status (*ask)(const struct oauth *o, int64_t wall_s,
			   struct buf *to);
};

const struct oauth_vendor *
oauth_vendor(const char *name)
{
	for (size_t i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++)
		if (strcmp(vendors[i].name, name) == 0)
			return &vendors[i];
	return NULL;
}

/* ---- what is asked ---------------------------------------------------------
 */

static struct span
secret(const struct oauth *o, const char *name)
{
	return pairs_find((struct pairs){vault_span(&o->secrets)}, name);
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
		st = put(to, "client_id", secret(o, "client_id"));
	if (st == ST_OK)
		st = put(to, "client_secret", secret(o, "client_secret"));
	return st;
}

static enum status
ask_by_refresh(const struct oauth *o, int64_t wall_s, struct buf *to)
{
	enum status st = put_grant(o, "refresh_token", to);

	(void)wall_s;
	return st == ST_OK
		   ? put(to, "refresh_token",
			 o->refresh.len > 0 ? vault_span(&o->refresh)
					    : secret(o, "refresh_token"))
		   : st;
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
		if (secret(o, name).len == 0)
			continue;
		st = put(to, "box_subject_type", span_str(names[i]));
		if (st == ST_OK)
			st = put(to, "box_subject_id", secret(o, name));
		break;
	}
	return st;
}

/* Who asks for what, signed later. */
static enum status
add_claims(const struct oauth *o, int64_t wall_s, struct buf *to)
{
	struct span email = secret(o, "client_email");
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

	buf_init(&claims, ASK_MAX);
	buf_init(&mark, 4096);
	st = add_coded(span_str(head), to);
	if (st == ST_OK)
		st = buf_add_byte(to, '.');
	if (st == ST_OK)
		st = add_claims(o, wall_s, &claims);
	if (st == ST_OK)
		st = add_coded(buf_span(&claims), to);
	if (st == ST_OK)
		st = rsa_sign(o->key, RSA_SHA256, buf_span(to), &mark);
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

	buf_init(&jwt, ASK_MAX);
	if (st == ST_OK)
		st = add_jwt(o, wall_s, &jwt);
	if (st == ST_OK)
		st = put(to, "assertion", buf_span(&jwt));
	buf_fini(&jwt);
	return st;
}

static const struct way ways[] = {
    {{"token", NULL}, NULL},
    {{"refresh_token", "client_id"}, ask_by_refresh},
    {{"private_key", "client_email"}, ask_by_key},
    {{"client_id", "client_secret"}, ask_by_client},
};

enum status
oauth_ask(const struct oauth *o, int64_t wall_s, struct buf *to)
{
	return o->way->ask == NULL ? ST_UNSUPPORTED
				   : o->way->ask(o, wall_s, to);
}

/* ---- what is answered ------------------------------------------------------
 */

static struct span
skip_blank(struct span s)
{
	while (s.len > 0 && (*s.ptr == ' ' || *s.ptr == '\n' ||
			     *s.ptr == '\r' || *s.ptr == '\t'))
		s = span_skip(s, 1);
	return s;
}

/*
 * The value of a name, a text without its quotes or a number: a copy of the
 * answer in a tree of JSON could not be wiped. Tokens hold no escapes.
 */
static struct span
answered(struct span s, const char *name)
{
	char quoted[64];
	const uint8_t *at;
	int n = snprintf(quoted, sizeof(quoted), "\"%s\"", name);

	at = s.len == 0 ? NULL : memmem(s.ptr, s.len, quoted, (size_t)n);
	if (at == NULL)
		return span_of(NULL, 0);
	s = skip_blank(span_skip(s, (size_t)(at - s.ptr) + (size_t)n));
	if (s.len == 0 || *s.ptr != ':')
		return span_of(NULL, 0);
	s = skip_blank(span_skip(s, 1));
	if (s.len > 0 && *s.ptr == '"') {
		s = span_skip(s, 1);
		return span_of(s.ptr, str_find(s, '"'));
	}
	for (n = 0; (size_t)n < s.len && s.ptr[n] >= '0' && s.ptr[n] <= '9';)
		n++;
	return span_of(s.ptr, (size_t)n);
}

static bool
is_sound(struct span s)
{
	if (s.ptr == NULL || s.len > OAUTH_TOKEN_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] <= ' ' || s.ptr[i] >= 0x7f || s.ptr[i] == '\\')
			return false;
	return s.len > 0;
}

static enum status
keep_in(struct vault *v, struct span s)
{
	enum status st = ST_OK;

	if (v->base == NULL)
		st = vault_open(OAUTH_TOKEN_MAX, v);
	if (st == ST_OK && s.ptr != NULL) {
		memcpy(v->base, s.ptr, s.len);
		v->len = s.len;
	}
	return st;
}

static enum status
take_answer(struct oauth *o, struct span s)
{
	struct span token = answered(s, "access_token");
	struct span refresh = answered(s, "refresh_token");
	uint64_t seconds = USUAL_MS / 1000, now;
	enum status st;

	if (!is_sound(token)) {
		snprintf(o->why, WHY, "the place of sign-in gave no token");
		return ST_MALFORMED;
	}
	st = keep_in(&o->token, token);
	/* from here on the old one may be worth nothing */
	if (st == ST_OK && is_sound(refresh))
		st = keep_in(&o->refresh, refresh);
	if (str_to_u64(answered(s, "expires_in"), 1, 365 * 86400, &seconds) !=
	    ST_OK)
		seconds = USUAL_MS / 1000;
	now = clock_mono_ms(clock_system());
	o->issued_ms = now;
	o->mark++;
	o->uses = 0;
	o->ends_ms = now + seconds * 1000;
	o->why[0] = 0;
	return st;
}

static enum status
refuse(struct oauth *o, struct span s, unsigned code)
{
	char error[80], more[200];

	stream_words(error, sizeof(error), answered(s, "error"));
	stream_words(more, sizeof(more), answered(s, "error_description"));
	o->refused = code >= 400 && code < 500 && code != 408 && code != 429;
	snprintf(o->why, WHY, "the sign-in was refused (%u%s%s%s%s)", code,
		 error[0] != 0 ? " " : "", error, more[0] != 0 ? ": " : "",
		 more);
	return o->refused ? ST_DENIED : ST_IO;
}

static enum status
sign_in(struct oauth *o)
{
	struct http_request r = {
	    .method = "POST",
	    .url = buf_span(&o->url),
	    .type = "application/x-www-form-urlencoded",
	    .cap = ANSWER_MAX,
	};
	struct buf ask, answer;
	unsigned code = 0;
	enum status st;

	if (o->refused)
		return ST_DENIED;
	buf_init(&ask, ASK_MAX);
	buf_init(&answer, ANSWER_MAX);
	st = oauth_ask(o, clock_wall_s(clock_system()), &ask);
	r.body = buf_span(&ask);
	if (st == ST_OK)
		st = http_fetch(o->http, &r, &answer, &code);
	if (st != ST_OK)
		snprintf(o->why, WHY, "signing in failed: %s",
			 http_why(o->http)[0] != 0 ? http_why(o->http)
						   : status_text(st));
	else if (code != 200)
		st = refuse(o, buf_span(&answer), code);
	else
		st = take_answer(o, buf_span(&answer));
	buf_fini(&ask);
	buf_fini(&answer);
	return st;
}

/* ---- tokens ----------------------------------------------------------------
 */

/* Renewed a minute before its end, or at nine tenths of a short life. */
static bool
is_over(const struct oauth *o)
{
	uint64_t life = o->ends_ms - o->issued_ms;
	uint64_t early = life / 10 < EARLY_MS ? life / 10 : EARLY_MS;

	return o->token.len == 0 ||
	       clock_mono_ms(clock_system()) + early >= o->ends_ms;
}

enum status
oauth_token(struct oauth *o, struct span *token)
{
	enum status st = ST_OK;

	if (o->way->ask == NULL) {
		*token = secret(o, "token");
		return ST_OK;
	}
	if (is_over(o))
		st = sign_in(o);
	if (st == ST_OK)
		*token = vault_span(&o->token);
	return st;
}

enum status
oauth_sign(struct oauth *o, struct http_lines *to)
{
	struct span token;
	struct buf value;
	enum status st = oauth_token(o, &token);

	if (st != ST_OK)
		return st;
	buf_init(&value, OAUTH_TOKEN_MAX + 16);
	st = buf_add_str(&value, "Bearer ");
	if (st == ST_OK)
		st = buf_add(&value, token.ptr, token.len);
	if (st == ST_OK)
		st = http_line(to, "Authorization", buf_span(&value));
	http_mark(to, o->mark);
	o->uses++;
	buf_fini(&value);
	return st;
}

/* Several calls may hear that one token is over; the first renews it for all.
 */
enum status
oauth_denied(struct oauth *o, unsigned mark)
{
	uint64_t age = clock_mono_ms(clock_system()) - o->issued_ms;

	if (o->way->ask == NULL) {
		snprintf(o->why, WHY, "the token was refused: it may be over");
		return ST_DENIED;
	}
	if (mark != o->mark)
		return ST_OK;
	o->futile = age < NEW_MS && o->uses < NEW_USES ? o->futile + 1 : 0;
	if (o->futile < OAUTH_FUTILE)
		return sign_in(o);
	o->refused = true;
	snprintf(o->why, WHY,
		 "tokens are given and then refused: is this the "
		 "right service for the application?");
	return ST_DENIED;
}

const char *
oauth_why(const struct oauth *o)
{
	return o->why;
}

/* ---- beginning and end -----------------------------------------------------
 */

void
oauth_close(struct oauth *o)
{
	if (o == NULL)
		return;
	http_close(o->http);
	rsa_close(o->key);
	vault_close(&o->secrets);
	vault_close(&o->token);
	vault_close(&o->refresh);
	buf_fini(&o->url);
	buf_fini(&o->scope);
	buf_fini(&o->subject);
	buf_fini(&o->tenant);
	free(o);
}

static const struct way *
choose_way(struct pairs access)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		const char *const *n = ways[i].needs;

		if (pairs_find(access, n[0]).len > 0 &&
		    (n[1] == NULL || pairs_find(access, n[1]).len > 0))
			return &ways[i];
	}
	return NULL;
}

static enum status
keep_secrets(struct oauth *o, struct pairs access)
{
	static const char *const names[] = {
	    "token",        "refresh_token", "client_id",     "client_secret",
	    "client_email", "user_id",       "enterprise_id",
	};
	enum status st = vault_open(SECRETS, &o->secrets);

	for (size_t i = 0; st == ST_OK && i < sizeof(names) / sizeof(names[0]);
	     i++) {
		struct span v = pairs_find(access, names[i]);

		if (v.len > 0)
			st = pairs_add(o->secrets.base, o->secrets.room,
				       &o->secrets.len, span_str(names[i]), v);
	}
	if (st == ST_OK && o->way->ask == ask_by_key)
		st = rsa_open(pairs_find(access, "private_key"),
			      pairs_find(access, "passphrase"), &o->key);
	return st;
}

/* The vendor's place, or the one that the credential names. */
static enum status
choose_place(struct oauth *o, const struct oauth_order *order)
{
	struct span own = pairs_find(order->access, "sign_in");
	struct span form = own.len > 0 ? own : span_str(order->vendor->sign_in);
	const uint8_t *mark =
	    form.len == 0 ? NULL : memmem(form.ptr, form.len, "{tenant}", 8);
	size_t n = mark == NULL ? form.len : (size_t)(mark - form.ptr);
	enum status st = buf_add(&o->tenant, form.ptr, n);

	if (st == ST_OK && mark != NULL) {
		st = href_escape(order->tenant, "", &o->tenant);
		form = span_skip(form, n + 8);
		if (st == ST_OK)
			st = buf_add(&o->tenant, form.ptr, form.len);
	}
	if (st == ST_OK)
		st = href_tidy(buf_span(&o->tenant), &o->url);
	if (st == ST_OK && !str_starts(buf_span(&o->url), "https://"))
		st = ST_USAGE;
	return st;
}

static enum status
open_place(struct oauth *o, const struct oauth_order *order)
{
	const struct http_options h = {
	    .site = buf_span(&o->url),
	    .ca = order->ca,
	    .ca_file = order->ca_file,
	    .way = order->way,
	    .limits = order->limits,
	};

	return http_open(&h, &o->http);
}

static enum status
begin(struct oauth *o, const struct oauth_order *order)
{
	struct span scope = span_str(order->scope);
	enum status st = keep_secrets(o, order->access);

	if (st == ST_OK)
		st = buf_add(&o->scope, scope.ptr, scope.len);
	if (st == ST_OK)
		st = buf_add(&o->subject, order->subject.ptr,
			     order->subject.len);
	if (st == ST_OK)
		st = choose_place(o, order);
	return st == ST_OK ? open_place(o, order) : st;
}

static const char *
trouble(const struct oauth *o, enum status st)
{
	if (o->way == NULL)
		return "the credential of a cloud holds client_id and "
		       "client_secret, or client_id and refresh_token, or "
		       "the private_key and client_email of a service "
		       "account, or a token";
	if (st == ST_USAGE)
		return "sign_in of the credential does not begin with https";
	if (o->way->ask == ask_by_key && o->key == NULL)
		return "the private_key of the credential is no RSA key that "
		       "can be read";
	return "the credential is too long, or is no text";
}

enum status
oauth_open(const struct oauth_order *order, struct oauth **out, struct buf *why)
{
	struct oauth *o = calloc(1, sizeof(*o));
	enum status st = ST_USAGE;

	if (o == NULL)
		return ST_NOMEM;
	o->secrets.fd = o->token.fd = o->refresh.fd = -1;
	buf_init(&o->url, HREF_MAX);
	buf_init(&o->tenant, HREF_MAX);
	buf_init(&o->scope, 1024);
	buf_init(&o->subject, 1024);
	o->way = choose_way(order->access);
	if (o->way != NULL)
		st = begin(o, order);
	if (st == ST_OK) {
		*out = o;
		return ST_OK;
	}
	if (why != NULL)
		(void)!buf_add_str(why, trouble(o, st));
	oauth_close(o);
	return st;
}
