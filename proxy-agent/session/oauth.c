#include "proxy-agent/session/oauth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/oauth_impl.h"

#define SECRETS    (48 * 1024)
#define ANSWER_MAX (64 * 1024)
#define EARLY_MS   60000 /* a token is renewed so long before its end */
#define NEW_MS     60000 /* a token is new so long, */
#define NEW_USES   32    /* and for so many requests */

/* ---- tokens ----------------------------------------------------------------
 */

static enum status
sign_in(struct oauth *o)
{
	struct http_request r = {
	    .method = "POST",
	    .url = buf_span(&o->url),
	    .type = "application/x-www-form-urlencoded",
	    .cap = ANSWER_MAX,
	    .secret = true,
	};
	struct buf ask, answer;
	unsigned code = 0;
	enum status st;

	if (o->refused)
		return ST_DENIED;
	buf_init(&ask, OAUTH_ASK_MAX);
	buf_init(&answer, ANSWER_MAX);
	st = oauth_ask(o, clock_wall_s(clock_system()), &ask);
	r.body = buf_span(&ask);
	if (st == ST_OK)
		st = http_fetch(o->http, &r, &answer, &code);
	if (st != ST_OK)
		snprintf(o->why, OAUTH_WHY, "signing in failed: %s",
			 http_why(o->http)[0] != 0 ? http_why(o->http)
						   : status_text(st));
	else if (code != 200)
		st = oauth_refuse(o, buf_span(&answer), code);
	else
		st = oauth_take(o, buf_span(&answer));
	buf_fini(&ask);
	buf_fini(&answer);
	return st;
}

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
		*token = oauth_secret(o, "token");
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
		snprintf(o->why, OAUTH_WHY,
			 "the token was refused: it may be over");
		return ST_DENIED;
	}
	if (mark != o->mark)
		return ST_OK;
	o->futile = age < NEW_MS && o->uses < NEW_USES ? o->futile + 1 : 0;
	if (o->futile < OAUTH_FUTILE)
		return sign_in(o);
	o->refused = true;
	snprintf(o->why, OAUTH_WHY,
		 "tokens are given and then refused: is this the "
		 "right service for the application?");
	return ST_DENIED;
}

enum status
oauth_renew(struct oauth *o)
{
	return oauth_denied(o, o->mark);
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
	if (st == ST_OK && o->way->by_key)
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
	if (o->way->by_key && o->key == NULL)
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
	o->renewal = order->renewal;
	buf_init(&o->url, HREF_MAX);
	buf_init(&o->tenant, HREF_MAX);
	buf_init(&o->scope, 1024);
	buf_init(&o->subject, 1024);
	o->way = oauth_choose(order->access);
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
