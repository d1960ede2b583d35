#ifndef CRYPTO_PASSWD_H
#define CRYPTO_PASSWD_H

#include "base/span.h"
#include "base/status.h"

/*
 * passwd: password hashes, argon2id as the text that libsodium makes. A hash or
 * a check takes about 64 MiB and some 100 ms: not in a loop that serves others.
 *
 * Limits: passwords of 1 to PASSWD_MAX bytes; others are ST_USAGE.
 */
#define PASSWD_MAX      1024
#define PASSWD_TEXT_LEN 128 /* room for the text, NUL included */

NODISCARD enum status passwd_hash(struct span password,
				  char text[PASSWD_TEXT_LEN]);

/* ST_OK when it is right, ST_DENIED when not, ST_MALFORMED for no hash. */
NODISCARD enum status passwd_check(struct span password, const char *text);

#endif
