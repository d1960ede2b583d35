#ifndef ACCESS_PROOF_H
#define ACCESS_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "crypto/hash.h"

/*
 * proof: secrets that somebody shows, compared in the same time for any answer.
 */

/*
 * Whether a request that came over this TLS session was made by who holds the
 * token; key is SHA-256 of its secret, anything but 32 bytes is a used-up one.
 */
bool proof_good(struct span key, const uint8_t exporter[HASH_LEN],
		struct span csr, const uint8_t proof[HASH_LEN]);

/* The fingerprint of a public key as people see it. */
void proof_print(const uint8_t key_hash[HASH_LEN], char *to, size_t room);

/* A new token: its line of text (wipe it), its key, and its name. */
#define PROOF_TOKEN_ROOM 512
struct proof_token {
	char text[PROOF_TOKEN_ROOM];
	uint8_t key[HASH_LEN];
};
NODISCARD enum status proof_token_make(const char *host, uint16_t port,
				       const char *pin_hex,
				       struct proof_token *out);

/* A set-up code "XXXX-XXXX-XXXX-XXXX" (80 random bits) and what is kept. */
#define PROOF_CODE_ROOM 20
#define PROOF_HASH_HEX  (2 * HASH_LEN + 1)
void proof_code_make(char code[PROOF_CODE_ROOM], char hash[PROOF_HASH_HEX]);
/* The code as somebody typed it: case, spaces and dashes do not matter. */
bool proof_code_good(struct span typed, struct span hash_hex);

#endif
