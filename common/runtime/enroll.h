#ifndef RUNTIME_ENROLL_H
#define RUNTIME_ENROLL_H

#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/status.h"
#include "crypto/token.h"
#include "runtime/state.h"

/*
 * enroll: the first contact, from nothing to a certificate. With a token the
 * CA is pinned before a byte is sent; without one the agent waits until an
 * admin has compared the fingerprint, and goes on by itself then.
 *
 * May be cut off at any moment and called again: the key is kept in enroll.pem,
 * and agent.pem, written last, is what makes the host enrolled.
 */
struct enroll_config {
	struct state *state;
	const char *host;
	uint16_t port;
	const struct token *token; /* or NULL */
	const uint8_t *pin;        /* of the CA's key, or NULL */
	const char *program, *build;
	uint64_t reconnect_base_ms, reconnect_cap_ms; /* while it waits */
	FILE *to; /* words for the person who waits */
};

/*
 * Blocks. On failure *why (the caller has called buf_init() on it) is a
 * sentence for a person.
 */
NODISCARD enum status enroll_run(const struct enroll_config *c,
				 struct buf *why);

#endif
