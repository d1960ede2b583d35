#ifndef PROXY_AGENT_SOURCE_ACCOUNT_H
#define PROXY_AGENT_SOURCE_ACCOUNT_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/patience.h"
#include "proxy-agent/session/stream.h"
#include "source/source.h"
#include "source/url.h"
#include "sys/vault.h"

/*
 * account: where a server is and who we are there, kept in locked memory
 * for connecting again.
 */
struct account {
	struct url url;
	struct span user, password, token, ca; /* in the vault */
	struct patience patience;
	struct buf target; /* what url points into */
	struct vault vault;
};

/* From a target and its credential; says why in t->why. */
NODISCARD enum status account_read(struct account *l,
				   const struct source_target *t);
/* The same where a server may let in who says no name: user may be empty. */
NODISCARD enum status account_read_open(struct account *l,
					const struct source_target *t);
void account_fini(struct account *l);

/*
 * To come back to a server that was lost: so many connections in a row, over 15
 * seconds, and of those that stood so many, since a password goes over each.
 */
#define ACCOUNT_TRIES    5
#define ACCOUNT_SIGN_INS 3

/* A connection; `port` where the target names none. */
NODISCARD enum status account_dial(const struct account *l, bool tls,
				   uint16_t port, struct stream **out,
				   struct buf *why);

/* A connection that failed so may be had again; a refusal may not. */
bool account_again(enum status st);

/* Before the n-th try, from 0: nothing, 1 s, 2 s, 4 s ... */
void account_rest(unsigned n);

#endif
