#include "crypto/pass.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "crypto/tls.h"
#include "crypto/x509.h"

#define NONCE_LEN crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define SEAL_LEN  crypto_aead_xchacha20poly1305_ietf_ABYTES
#define SKEW      300 /* seconds that the clocks of two gates may differ */

/* What is sealed; only gates of this master ever read it. */
struct facts {
	int64_t since; /* of the handshake with the certificate */
	int64_t not_after;
	uint64_t agent;
	uint8_t serial[16], key[TLS_PIN_LEN], cert[TLS_PIN_LEN];
};

_Static_assert(NONCE_LEN + sizeof(struct facts) + SEAL_LEN == PASS_ID_LEN,
	       "an identity is a nonce, the facts and their seal");

struct pass_maker {
	uint8_t seal[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
	uint8_t derive[crypto_auth_hmacsha256_KEYBYTES];
};

_Static_assert(sizeof(((struct pass_maker *)NULL)->seal) ==
		   crypto_auth_hmacsha256_BYTES,
	       "a key is one HMAC");
_Static_assert(PASS_KEY_LEN == crypto_auth_hmacsha256_BYTES,
	       "a pre-shared key is one HMAC");

/* Two keys that have nothing to do with each other, out of one secret. */
static void
split(struct span secret, const char *name, uint8_t out[PASS_KEY_LEN])
{
	crypto_auth_hmacsha256_state h;

	must(crypto_auth_hmacsha256_init(&h, secret.ptr, secret.len) == 0);
	must(crypto_auth_hmacsha256_update(&h, (const uint8_t *)name,
					   strlen(name)) == 0);
	must(crypto_auth_hmacsha256_final(&h, out) == 0);
	sodium_memzero(&h, sizeof(h));
}

enum status
pass_maker_open(struct span secret, struct pass_maker **out)
{
	struct pass_maker *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return ST_NOMEM;
	must(sodium_init() >= 0);
	split(secret, "trawl pass 1 seal", m->seal);
	split(secret, "trawl pass 1 key", m->derive);
	*out = m;
	return ST_OK;
}

void
pass_maker_close(struct pass_maker *m)
{
	if (m == NULL)
		return;
	sodium_memzero(m, sizeof(*m));
	free(m);
}

static void
key_of(const struct pass_maker *m, const uint8_t id[PASS_ID_LEN],
       uint8_t key[PASS_KEY_LEN])
{
	must(crypto_auth_hmacsha256(key, id, PASS_ID_LEN, m->derive) == 0);
}

void
pass_make(const struct pass_maker *m, const struct tls_peer *p, int64_t now,
	  struct pass *out)
{
	struct facts f = {
	    .since = now, .not_after = p->not_after, .agent = p->agent};

	memcpy(f.serial, p->serial, sizeof(f.serial));
	memcpy(f.key, p->key, sizeof(f.key));
	memcpy(f.cert, p->cert, sizeof(f.cert));
	randombytes_buf(out->id, NONCE_LEN);
	must(crypto_aead_xchacha20poly1305_ietf_encrypt(
		 out->id + NONCE_LEN, NULL, (const uint8_t *)&f, sizeof(f),
		 NULL, 0, NULL, out->id, m->seal) == 0);
	key_of(m, out->id, out->key);
}

enum status
pass_open(const struct pass_maker *m, struct span id, int64_t now,
	  struct tls_peer *out, uint8_t key[PASS_KEY_LEN])
{
	struct facts f;

	if (id.len != PASS_ID_LEN ||
	    crypto_aead_xchacha20poly1305_ietf_decrypt(
		(uint8_t *)&f, NULL, NULL, id.ptr + NONCE_LEN,
		PASS_ID_LEN - NONCE_LEN, NULL, 0, id.ptr, m->seal) != 0)
		return ST_DENIED;
	if (f.since > now + SKEW || now - f.since >= PASS_SECONDS ||
	    now >= f.not_after)
		return ST_DENIED;
	*out = (struct tls_peer){.role = CERT_AGENT,
				 .again = true,
				 .agent = f.agent,
				 .not_after = f.not_after};
	memcpy(out->serial, f.serial, sizeof(out->serial));
	memcpy(out->key, f.key, sizeof(out->key));
	memcpy(out->cert, f.cert, sizeof(out->cert));
	key_of(m, id.ptr, key);
	return ST_OK;
}
