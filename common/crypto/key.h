#ifndef CRYPTO_KEY_H
#define CRYPTO_KEY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

struct evp_pkey_st; /* OpenSSL's EVP_PKEY, for the files of this room */

/*
 * key: a private key on P-256.
 *
 * Owner: key_make() and key_load() give a key that key_free() wipes.
 */
#define KEY_LEN_HASH  32
#define KEY_PRINT_LEN 40 /* "4F2A 91C0 ..." and its NUL */

struct key;

NODISCARD enum status key_make(struct key **out);
/* ST_MALFORMED for what is not an unencrypted P-256 key in PEM. */
NODISCARD enum status key_load(struct span pem, struct key **out);
/* PKCS#8 in PEM, not encrypted: it is for a file that only we can read. */
NODISCARD enum status key_pem(const struct key *k, struct buf *to);
void key_free(struct key *k); /* takes NULL */

/* SHA-256 of the public half (SPKI, DER): the pin and the fingerprint. */
NODISCARD enum status key_hash(const struct key *k, uint8_t out[KEY_LEN_HASH]);

/*
 * The first 16 bytes in 8 groups of 4 hex digits, for two people to compare:
 * 128 bits are beyond a search for a second key with the same ones.
 */
void key_print(const uint8_t hash[KEY_LEN_HASH], char out[KEY_PRINT_LEN]);

/* For the files of this room. */
struct evp_pkey_st *key_native(const struct key *k);
NODISCARD enum status key_hash_native(struct evp_pkey_st *k,
				      uint8_t out[KEY_LEN_HASH]);
int key_is_p256(struct evp_pkey_st *k);

#endif
