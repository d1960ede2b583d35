#ifndef CRYPTO_PASS_H
#define CRYPTO_PASS_H

#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

struct tls_peer;

/*
 * pass: with what an agent that was here with its certificate comes back: an
 * identity and a pre-shared key of TLS 1.3 (RFC 8446, 4.2.11). That spares both
 * sides the signatures, which are most of what a handshake costs.
 *
 * The identity is who the agent is, sealed (XChaCha20-Poly1305): nobody on the
 * line learns anything of it, and the master keeps nothing of it. It is good
 * for PASS_SECONDS from the handshake with the certificate on, and never longer
 * than the certificate. Whoever has it is let in as who it names, and no
 * further: whether an agent is blocked or removed is looked up as ever.
 *
 * Owner:   pass_maker_close() takes NULL and wipes.
 * Threads: a maker never changes and may be shared.
 */
#define PASS_SECONDS (24 * 3600)
#define PASS_ID_LEN  144
#define PASS_KEY_LEN 32

struct pass {
	uint8_t id[PASS_ID_LEN];
	uint8_t key[PASS_KEY_LEN];
};

struct pass_maker;

/* secret: of the gate, the same for all that serve one master. */
NODISCARD enum status pass_maker_open(struct span secret,
				      struct pass_maker **out);
void pass_maker_close(struct pass_maker *m);

/* For an agent that has just shown its certificate; now: seconds since 1970. */
void pass_make(const struct pass_maker *m, const struct tls_peer *p,
	       int64_t now, struct pass *out);

/*
 * Who came, and the key that proves it. ST_DENIED: it is not ours, or out of
 * date; the agent is then to show its certificate.
 */
NODISCARD enum status pass_open(const struct pass_maker *m, struct span id,
				int64_t now, struct tls_peer *out,
				uint8_t key[PASS_KEY_LEN]);

#endif
