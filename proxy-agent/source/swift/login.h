#ifndef PROXY_AGENT_SOURCE_SWIFT_LOGIN_H
#define PROXY_AGENT_SOURCE_SWIFT_LOGIN_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/http.h"
#include "source/source.h"
#include "source/url.h"
#include "sys/vault.h"

/*
 * swift_login: signing in to OpenStack: a user and password become an address
 * of the account and a token, which holds for some hours.
 */
struct swift_login {
	struct http *http;
	struct buf auth; /* https://host/v3, /v2.0, /auth/v1.0 */
	struct buf project, domain, region;
	struct vault vault;
	struct pairs secrets; /* user, password, api_key */
	struct buf token;
	struct buf storage; /* https://host/v1/AUTH_x, no slash behind */
	unsigned code;      /* of the last answer */
};

/* Opens the session and signs in; says why in t->why. */
NODISCARD enum status swift_login_open(struct swift_login *l,
				       const struct source_target *t,
				       const struct url *u);
void swift_login_close(struct swift_login *l); /* takes all zero */

/* Once more, for a new token. */
NODISCARD enum status swift_login_renew(struct swift_login *l);

/* As struct http_request has it; arg is the login. */
NODISCARD enum status swift_login_sign(void *arg, const struct http_request *r,
				       struct http_lines *to);

#endif
