#ifndef CRYPTO_BCRYPT_H
#define CRYPTO_BCRYPT_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * bcrypt: a key of a passphrase, as OpenSSH locks its private keys:
 * bcrypt_pbkdf(3) of OpenBSD, named in OpenSSH's PROTOCOL.key. No library here
 * offers it.
 *
 * It takes about 10 ms a round and 32 bytes. ST_LIMIT: more than BCRYPT_ROUNDS
 * or BCRYPT_BYTES; ST_USAGE: nothing is asked for, or from nothing.
 */
#define BCRYPT_ROUNDS 1024
#define BCRYPT_BYTES  64

NODISCARD enum status bcrypt_key(struct span passphrase, struct span salt,
				 uint32_t rounds, uint8_t *out, size_t n);

#endif
