#ifndef PROXY_AGENT_SOURCE_MAIL_SIGN_IN_H
#define PROXY_AGENT_SOURCE_MAIL_SIGN_IN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/oauth.h"
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

/* The token of a connection: of the account, or (o not NULL) a fresh one. */
NODISCARD enum status mail_token(struct oauth *o, const struct account *l,
				 struct span *token, struct buf *why);

/* A sign-in ended so: whether it is worth another try, by another token. */
NODISCARD bool mail_renew(struct oauth *o, enum status st, struct buf *why);

/* Why a connection did not come back; one sentence. */
const char *mail_lost(const struct oauth *o);

#endif
