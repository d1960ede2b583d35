#ifndef CRYPTO_MAC_H
#define CRYPTO_MAC_H

#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "crypto/hash.h"

/*
 * mac: HMAC-SHA-256 (RFC 2104) with one key and many short messages, such as
 * the fingerprint of every finding. The key is worked in once; a message then
 * costs its own blocks and no look-up of algorithms.
 *
 * Owner:   mac_close() takes NULL and wipes.
 * Threads: a mac never changes after mac_open() and may be shared.
 */
struct mac;

NODISCARD enum status mac_open(struct span key, struct mac **out);
void mac_close(struct mac *m);

void mac_of(const struct mac *m, struct span s, uint8_t out[HASH_LEN]);

#endif
