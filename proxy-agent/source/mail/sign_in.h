#ifndef PROXY_AGENT_SOURCE_MAIL_SIGN_IN_H
#define PROXY_AGENT_SOURCE_MAIL_SIGN_IN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/oauth.h"
#include "proxy-agent/session/stream.h"
#include "proxy-agent/source/account.h"
#include "source/source.h"

/*
 * sign_in: tokens for a mailbox by IMAP or POP3 (XOAUTH2). A credential with a
 * finished `token` has no other; one with what a token is had by (oauth.h) gets
 * one whenever a connection needs it, and another when that is refused.
 *
 * Where it asks follows from the mail server's name, or is said by the
 * credential as `sign_in`.
 */

/* *out NULL: by password or a finished token. ST_USAGE: said in t->why. */
NODISCARD enum status mail_oauth_open(const struct source_target *t,
				      const struct account *l,
				      struct oauth **out);

/* A sign-in ended so: whether it is worth another try, by another token. */
NODISCARD bool mail_renew(struct oauth *o, enum status st, struct buf *why);

/* How a mailbox is entered: by a connection that enter() takes, with a token
 * or an empty one. */
struct mail_door {
	const struct account *account;
	struct oauth *oauth;
	const char *secure; /* the scheme that means TLS */
	uint16_t secure_port, port;
	enum status (*enter)(void *arg, struct stream *to, struct span token,
			     struct buf *why);
	void *arg;
};
NODISCARD enum status mail_dial(const struct mail_door *d, struct buf *why);

/* The same of a server that was lost, as often as account.h has it. */
NODISCARD enum status mail_dial_again(const struct mail_door *d);

/* Why a connection did not come back; one sentence. */
const char *mail_lost(const struct oauth *o);

#endif
