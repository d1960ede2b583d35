/*
 * A sign-in as the files of it share it: `oauth_vendor` knows the clouds,
 * `oauth_ask` writes what is asked, `oauth_answer` reads what is answered,
 * `oauth` keeps the token fresh. One thread.
 */
#ifndef PROXY_AGENT_SESSION_OAUTH_IMPL_H
#define PROXY_AGENT_SESSION_OAUTH_IMPL_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/rsa.h"
#include "proxy-agent/session/oauth.h"
#include "sys/vault.h"

#define OAUTH_ASK_MAX (64 * 1024)
#define OAUTH_WHY     512

struct oauth {
	struct http *http; /* to the place of sign-in alone */
	struct buf url, scope, subject, tenant;
	struct vault secrets; /* pairs of the credential */
	struct vault token;
	struct vault refresh; /* the newest, when they are given anew */
	const struct source_renewal *renewal; /* or NULL */
	struct rsa *key;
	const struct oauth_grant *way;
	uint64_t issued_ms, ends_ms; /* of the token; 0: none yet */
	unsigned mark, uses;         /* of the token */
	unsigned futile;             /* refused as soon as given, in a row */
	bool refused;
	char why[OAUTH_WHY];
};

/* A way to sign in: what it needs, and what it says. */
struct oauth_grant {
	const char *needs[2];
	bool by_key;
	enum status (*ask)(const struct oauth *o, int64_t wall_s,
			   struct buf *to);
};

/* The first way that the credential has all for; NULL: none. */
const struct oauth_grant *oauth_choose(struct pairs access);

/* As it is now: of the credential, or the newest that was given. */
struct span oauth_refresh(const struct oauth *o);

/* A part of the credential; empty: it has none of that name. */
struct span oauth_secret(const struct oauth *o, const char *name);

/* The tokens of a good answer are kept. ST_MALFORMED: it holds none. */
enum status oauth_take(struct oauth *o, struct span answer);

/* What another answer means: ST_DENIED it is final, ST_IO it may pass. */
enum status oauth_refuse(struct oauth *o, struct span answer, unsigned code);

#endif
