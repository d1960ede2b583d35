#ifndef CRYPTO_TLS_IMPL_H
#define CRYPTO_TLS_IMPL_H

#include <openssl/ssl.h>

#include "crypto/tls.h"
#include "crypto/x509.h"

/*
 * tls_impl: what the parts of tls share, and nobody else includes.
 *
 *   tls.c       contexts, certificates, who is there, words
 *   tls_pass.c  sessions that begin with a pass
 */
struct tls {
	SSL_CTX *ctx;
	enum cert_role want; /* of the peer */
	bool has_pin;        /* only when enrolling */
	uint8_t pin[TLS_PIN_LEN];
	struct pass_maker *passes; /* of a gate */
	bool has_pass;             /* of an agent */
	struct pass pass;
};

/* Ask OpenSSL to look for passes, or to show one. */
void tls_pass_gate(struct tls *t);
void tls_pass_agent(struct tls *t);

/* Who came with the pass that this session began with. */
NODISCARD enum status tls_pass_peer(const SSL *s, struct tls_peer *out);

#endif
