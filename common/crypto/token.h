#ifndef CRYPTO_TOKEN_H
#define CRYPTO_TOKEN_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * token: what an admin gives to a new agent, one line of text:
 *
 *   trawl1:<host:port>:<sha256 of the CA key, 64 hex>:<secret, 32 hex>
 *
 * A literal IPv6 host stands in brackets. The master keeps of the secret only
 * its SHA-256 (the token key); the first 8 bytes of that are the token's id.
 *
 * Errors: ST_MALFORMED for anything that token_format() would not have made.
 */
#define TOKEN_SECRET_LEN 16
#define TOKEN_HOST_MAX   255
#define TOKEN_TEXT_MAX   512 /* room for the text, NUL included */
#define TOKEN_KEY_LEN    32
#define TOKEN_NAME_LEN   8

struct token {
	char host[TOKEN_HOST_MAX + 1]; /* without brackets */
	uint16_t port;                 /* 1 .. 65535 */
	uint8_t pin[32];               /* SHA-256 of the CA's public key */
	uint8_t secret[TOKEN_SECRET_LEN];
};

NODISCARD enum status token_parse(struct span text, struct token *out);
NODISCARD enum status token_format(const struct token *t,
				   char text[TOKEN_TEXT_MAX]);

/* "host:port" or "[v6]:port", strict; port 0 in *port when none is given. */
NODISCARD enum status token_address(struct span text, char *host, size_t room,
				    uint16_t *port);

void token_key(const uint8_t secret[TOKEN_SECRET_LEN],
	       uint8_t key[TOKEN_KEY_LEN]);

#endif
