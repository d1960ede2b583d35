#ifndef CORE_ENROLL_H
#define CORE_ENROLL_H

#include "base/span.h"
#include "master/core/state.h"

/*
 * enroll: who becomes an agent. With a token that is good at once: the token is
 * burnt in the transaction that stores the certificate. Without one the agent
 * waits as unverified until a person has compared its fingerprint.
 */
#define ENROLL_UNVERIFIED_MAX 1000 /* that may wait at a time */
#define ENROLL_PENDING_MAX    1000 /* requests at the ca */

void enroll_request(struct core *c, struct span body);
void enroll_renew(struct core *c, struct span body);
void enroll_signed(struct core *c, struct span body);

/* An admin verified it: if it waits on a connection, it gets its certificate.
 */
void enroll_verified(struct core *c, uint64_t agent);

/* The ca is new: ask again for what was asked. */
void enroll_ask_again(struct core *c);
void enroll_forget(struct core *c, struct pending *p); /* frees it */

#endif
