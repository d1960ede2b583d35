#ifndef MASTER_API_SESSION_H
#define MASTER_API_SESSION_H

#include <stdbool.h>

#include "base/span.h"
#include "base/status.h"
#include "master/api/request.h"

/*
 * session: who asks. A secret of 32 random bytes, as 43 letters of base64url,
 * comes in a cookie or as a bearer token; the store knows its SHA-256.
 */
#define SESSION_COOKIE "__Host-sid"
#define SESSION_TEXT   43

/* The secret in the request, and whether it came as a bearer token. */
struct span session_secret(const struct request *rq, bool *bearer);

/* Fills rq->actor, or leaves it empty: ST_DENIED. Others: the store failed. */
NODISCARD enum status session_find(struct request *rq);

/* A new secret and its hash. */
NODISCARD enum status session_make(char text[SESSION_TEXT + 1],
				   uint8_t hash[ACTOR_HASH]);

/* Set-Cookie for a secret; text NULL: the cookie is taken back. */
void session_cookie(struct reply *rp, const char *text);

/* What a role may do. */
unsigned session_permissions(struct span role);

#endif
