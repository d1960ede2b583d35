#ifndef CRYPTO_HASH_H
#define CRYPTO_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * hash: SHA-256 and what is built on it. The calls cannot fail on bytes; when
 * the library says no, the build or the machine is broken: must().
 */
#define HASH_LEN      32
#define HASH_SHA1_LEN 20

void hash_sha256(struct span s, uint8_t out[HASH_LEN]);
void hash_hmac(struct span key, struct span s, uint8_t out[HASH_LEN]);

/* For what others prescribe; nothing of ours rests on it. */
void hash_sha1(struct span s, uint8_t out[HASH_SHA1_LEN]);

/* HKDF-SHA-256; len is at most 255 * 32. */
void hash_hkdf(struct span secret, struct span salt, struct span info,
	       uint8_t *out, size_t len);

/*
 * The proof of an enrolment: HMAC(token_key, exporter || SHA-256(csr)), with
 * token_key = SHA-256(secret of the token), which is all the master keeps.
 */
void hash_enroll_proof(const uint8_t token_key[HASH_LEN],
		       const uint8_t exporter[HASH_LEN], struct span csr,
		       uint8_t out[HASH_LEN]);

#endif
