#include "crypto/mac.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/must.h"

/* The library's state holds no pointer: a copy of it is a fresh start. */
struct mac {
	crypto_auth_hmacsha256_state keyed;
};

enum status
mac_open(struct span key, struct mac **out)
{
	struct mac *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return ST_NOMEM;
	must(sodium_init() >= 0);
	must(crypto_auth_hmacsha256_init(&m->keyed, key.ptr, key.len) == 0);
	*out = m;
	return ST_OK;
}

void
mac_close(struct mac *m)
{
	if (m == NULL)
		return;
	sodium_memzero(m, sizeof(*m));
	free(m);
}

void
mac_of(const struct mac *m, struct span s, uint8_t out[HASH_LEN])
{
	crypto_auth_hmacsha256_state one = m->keyed;

	must(crypto_auth_hmacsha256_update(&one, s.ptr, s.len) == 0);
	must(crypto_auth_hmacsha256_final(&one, out) == 0);
}
