#ifndef CRYPTO_TLS_H
#define CRYPTO_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "crypto/pass.h"

struct ssl_st; /* OpenSSL's SSL: only wire/link.c takes it further */

/*
 * tls: contexts for the agent port. TLS 1.3 only, ALPN trawl/1, no tickets;
 * each side knows one CA and checks role, use and time. An agent that was here
 * with its certificate may come back with a pass, see pass.h.
 *
 * Owner:   tls_free() takes NULL. A context outlives the sessions made of it.
 * Threads: one loop thread.
 */
#define TLS_ALPN         "trawl/1"
#define TLS_PIN_LEN      32
#define TLS_EXPORTER_LEN 32

struct tls;

struct tls_identity {
	struct span key_pem;  /* of the certificate */
	struct span cert_der; /* empty: none (only an enrolling agent) */
	struct span ca_der;   /* the one CA that is trusted */
};

/* Master: asks for a client certificate and lives without one. */
NODISCARD enum status tls_gate(const struct tls_identity *id, struct tls **out);

/* Agent with a certificate. */
NODISCARD enum status tls_agent(const struct tls_identity *id,
				struct tls **out);

/*
 * Agent without one. The CA that the server shows must have the pin; without a
 * pin (NULL) the first CA is taken and a person compares fingerprints later.
 */
NODISCARD enum status tls_enroll(const uint8_t *pin, struct tls **out);

void tls_free(struct tls *t);

/* A session, to be freed by the library that is given it; NULL: no memory. */
struct ssl_st *tls_session(struct tls *t, bool server);

struct tls_peer {
	uint8_t role; /* enum cert_role, 0: it showed no certificate */
	bool again;   /* it came with a pass; its gate is known by role only */
	uint64_t agent; /* for an agent */
	uint8_t serial[16];
	int64_t not_after;         /* seconds since 1970 */
	uint8_t key[TLS_PIN_LEN];  /* SHA-256 of its public key */
	uint8_t cert[TLS_PIN_LEN]; /* SHA-256 of its certificate */
};

/*
 * Who is there, after the handshake. ST_DENIED when what was agreed is not what
 * we want (version, ALPN, role): close at once.
 */
NODISCARD enum status tls_peer(struct ssl_st *s, struct tls_peer *out);

/*
 * Gate: what the agent of this session may come back with. ST_NOTFOUND: it has
 * shown no certificate here, so that it gets none.
 */
NODISCARD enum status tls_pass(struct ssl_st *s, int64_t now, struct pass *out);

/*
 * Agent: sessions made from now on show the pass; NULL: none. A gate that does
 * not know it asks for the certificate in the same handshake.
 */
void tls_set_pass(struct tls *t, const struct pass *p);

/* The CA that an enrolling agent met, as DER. */
NODISCARD enum status tls_met_ca(struct ssl_st *s, struct buf *der);

/* 32 bytes that only both ends of this session know. */
NODISCARD enum status tls_exporter(struct ssl_st *s,
				   uint8_t out[TLS_EXPORTER_LEN]);

/*
 * Why a handshake or session failed, in words for people. error is the code of
 * the library, 0 when it gave none.
 */
void tls_trouble(const struct ssl_st *s, unsigned long error, char *text,
		 size_t room);

#endif
