#ifndef CRYPTO_RSA_H
#define CRYPTO_RSA_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * rsa: an RSA key that signs with SHA-256, as tokens of JSON have it (RS256 of
 * RFC 7518). Reads PEM (PKCS#1 and PKCS#8), with a passphrase or without.
 *
 * Owner:  rsa_close() takes NULL and wipes.
 * Errors: ST_UNSUPPORTED: not RSA; ST_DENIED: passphrase wrong or missing;
 *         ST_MALFORMED.
 */
struct rsa;

NODISCARD enum status rsa_open(struct span text, struct span passphrase,
			       struct rsa **out);
void rsa_close(struct rsa *r);

/* PKCS#1 v1.5, behind what is there. */
NODISCARD enum status rsa_sign(const struct rsa *r, struct span data,
			       struct buf *to);

#endif
