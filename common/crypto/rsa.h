#ifndef CRYPTO_RSA_H
#define CRYPTO_RSA_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * rsa: an RSA key that signs with SHA-2: with SHA-512 as SSH servers of today
 * want it (RFC 8332) and libssh2 1.10 cannot, with SHA-256 as tokens of JSON
 * have it (RS256 of RFC 7518). Reads PEM (PKCS#1 and PKCS#8) and OpenSSH's own
 * format, with a passphrase or without.
 *
 * Owner:  rsa_close() takes NULL and wipes.
 * Errors: ST_UNSUPPORTED: not RSA; ST_DENIED: passphrase wrong or missing;
 *         ST_USAGE: a cipher that is not read; ST_MALFORMED; ST_LIMIT: to
 *         unlock it would take too long.
 */
struct rsa;

NODISCARD enum status rsa_open(struct span text, struct span passphrase,
			       struct rsa **out);
void rsa_close(struct rsa *r);

/* Modulus and exponent, big endian, without leading zeros. */
NODISCARD enum status rsa_public(const struct rsa *r, struct buf *n,
				 struct buf *e);

enum rsa_hash { RSA_SHA256, RSA_SHA512 };

/* PKCS#1 v1.5, behind what is there. */
NODISCARD enum status rsa_sign(const struct rsa *r, enum rsa_hash hash,
			       struct span data, struct buf *to);

#endif
