#ifndef PROXY_AGENT_SESSION_OAUTH_H
#define PROXY_AGENT_SESSION_OAUTH_H

#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/http.h"
#include "source/pairs.h"
#include "source/source.h"

/*
 * oauth: signing in at a cloud (OAuth 2.0, RFC 6749), and the token that comes
 * of it. Which way is taken follows from what the credential holds:
 *
 *   token                        it is used as it is and never renewed
 *   refresh_token, client_id     a person allowed it once (and client_secret)
 *   private_key, client_email    a service account of Google (RFC 7523, RS256)
 *   client_id, client_secret     an application by itself
 *
 * A token is renewed a little before it is over, and once when it is refused.
 * A credential that is refused is not sent again, nor one whose answers broke
 * off HTTP_REFUSALS times in a row, and when OAUTH_FUTILE tokens
 * in a row were refused as soon as they were given, no more are asked for.
 * Some services replace a refresh token at each use, and the one before is then
 * worth nothing: the new one is told before it is used.
 *
 * Where secrets go is the vendor's row in a table. Another place (a test, a
 * cloud of a state) is named by the credential itself, as `sign_in` and
 * `endpoint`: who may change a target's options cannot lead a secret elsewhere.
 *
 * Owner:   oauth_close() takes NULL and wipes; secrets and tokens are in
 * vaults. Threads: one.
 */
#define OAUTH_TOKEN_MAX (16 * 1024)
#define OAUTH_FUTILE    3

struct oauth;

struct oauth_vendor {
	const char *name;
	const char *sign_in;  /* {tenant}: the customer's */
	const char *endpoint; /* of its services, without a slash behind */
	const char *content;  /* another site for content; or NULL */
};

/* NULL: not in the table. */
const struct oauth_vendor *oauth_vendor(const char *name);

struct oauth_order {
	const struct oauth_vendor *vendor;
	const char *scope;   /* what is asked for; NULL: as it was granted */
	struct span tenant;  /* for {tenant} */
	struct span subject; /* the person an application acts for; or empty */
	struct pairs access; /* the credential */
	/* Hears of a refresh token that was replaced; or NULL. */
	const struct source_renewal *renewal;
	struct span ca, ca_file;
	struct http_way way;
	struct http_limits limits;
};

/*
 * ST_USAGE: the credential has none of these ways, or names a place that is
 * not https; ST_MALFORMED: its key is none. `why` gets one sentence; or NULL.
 */
NODISCARD enum status oauth_open(const struct oauth_order *o,
				 struct oauth **out, struct buf *why);
void oauth_close(struct oauth *o);

/* Good until the next call. ST_DENIED: refused; or as http.h has it. */
NODISCARD enum status oauth_token(struct oauth *o, struct span *token);

/* As sign() and denied() of http.h, the first with arg of its caller. */
NODISCARD enum status oauth_sign(struct oauth *o, struct http_lines *to);
NODISCARD enum status oauth_denied(struct oauth *o, unsigned mark);

/* The same for who is no web service: its one token was refused. */
NODISCARD enum status oauth_renew(struct oauth *o);

/* Why there is no token, one sentence; empty: there is one. */
const char *oauth_why(const struct oauth *o);

/* A request for a token as it is sent, for tests: wiped by its owner. */
NODISCARD enum status oauth_ask(const struct oauth *o, int64_t wall_s,
				struct buf *to);

#endif
