#ifndef PROXY_AGENT_SESSION_SEALED_H
#define PROXY_AGENT_SESSION_SEALED_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "source/pairs.h"
#include "sys/vault.h"

/*
 * sealed: what a source keeps of its target from scan to scan, for a file that
 * others hold: XSalsa20-Poly1305 under a key that is made of the credential. So
 * it tells nobody names, and whoever signs in as somebody else finds nothing.
 */
#define SEALED_HEAD 40 /* bytes before what is sealed */

NODISCARD enum status sealed_key(struct pairs access, struct vault *out);

/* In place: SEALED_HEAD bytes of room, then what is to be sealed. */
void sealed_shut(const struct vault *key, uint8_t *base, size_t len);

/* Behind the head, in place. ST_MALFORMED: not ours, or not of this key. */
NODISCARD enum status sealed_open(const struct vault *key, uint8_t *base,
				  size_t len);

#endif
