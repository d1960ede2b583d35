#include <stdlib.h>
#include <string.h>

#include "crypto/token.h"

/* Property: a text that is a token is the one text of that token. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[TOKEN_TEXT_MAX], host[TOKEN_HOST_MAX + 1];
	struct token t;
	uint16_t port;

	if (token_parse(span_of(data, size), &t) == ST_OK) {
		if (token_format(&t, text) != ST_OK || strlen(text) != size ||
		    memcmp(text, data, size) != 0)
			abort();
	}
	if (token_address(span_of(data, size), host, sizeof(host), &port) ==
		ST_OK &&
	    strlen(host) >= size + 1)
		abort();
	return 0;
}
