#ifndef MASTER_API_LIMITS_H
#define MASTER_API_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/span.h"
#include "base/status.h"

/*
 * limits: how often an address may do what, and how long an account waits after
 * wrong passwords. Nobody is ever locked out for good.
 *
 * Threads: any; one lock inside.
 * Limits:  LIMITS_MAX keys are remembered; past that those that have been quiet
 *          the longest are forgotten.
 */
#define LIMITS_MAX 8192

/* kind, how many at once, seconds until a used-up one is full again */
#define LIMIT_TABLE(X)                                                         \
	X(LIMIT_SIGN_IN, 10, 300)  /* attempts from an address */              \
	X(LIMIT_SET_UP, 10, 300)   /* codes tried from an address */           \
	X(LIMIT_CONNECT, 600, 20)  /* TLS handshakes of an address */          \
	X(LIMIT_REQUEST, 1200, 20) /* requests from an address */

enum limit {
#define LIMIT_ENUM(code, burst, seconds) code,
	LIMIT_TABLE(LIMIT_ENUM)
#undef LIMIT_ENUM
	    LIMIT__COUNT
};

struct limits;

NODISCARD enum status limits_open(const struct clock *clock,
				  struct limits **out);
void limits_close(struct limits *l); /* takes NULL */

/* Take one; false, and in how many seconds there is one again. */
bool limits_take(struct limits *l, enum limit kind, struct span key,
		 unsigned *seconds);

/*
 * Accounts: LIMITS_FREE wrong passwords are free, then each next one doubles
 * the wait, from 1 s to LIMITS_WAIT_MAX. A right one forgets all.
 */
#define LIMITS_FREE     5
#define LIMITS_WAIT_MAX 900
unsigned limits_account_wait(struct limits *l, struct span name);
void limits_account_failed(struct limits *l, struct span name);
void limits_account_good(struct limits *l, struct span name);

#endif
