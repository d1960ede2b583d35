#include "proxy-agent/session/sealed.h"

#include <sodium.h>

#include "base/must.h"

_Static_assert(SEALED_HEAD ==
		   crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES,
	       "a nonce and a mark");

static const char purpose[] = "trawl: lists of a target";

enum status
sealed_key(struct pairs access, struct vault *out)
{
	struct vault v = {.fd = -1};
	enum status st = sodium_init() < 0 ? ST_NOMEM : ST_OK;

	if (st == ST_OK)
		st = vault_open(crypto_secretbox_KEYBYTES, &v);
	if (st != ST_OK)
		return st;
	v.len = crypto_secretbox_KEYBYTES;
	if (crypto_generichash(v.base, v.len, access.bytes.ptr,
			       access.bytes.len, (const uint8_t *)purpose,
			       sizeof(purpose) - 1) != 0) {
		vault_close(&v);
		return ST_MALFORMED;
	}
	*out = v;
	return ST_OK;
}

void
sealed_shut(const struct vault *key, uint8_t *base, size_t len)
{
	uint8_t *mark = base + crypto_secretbox_NONCEBYTES;
	uint8_t *text = base + SEALED_HEAD;

	must(len >= SEALED_HEAD && key->len == crypto_secretbox_KEYBYTES);
	randombytes_buf(base, crypto_secretbox_NONCEBYTES);
	(void)crypto_secretbox_detached(text, mark, text, len - SEALED_HEAD,
					base, key->base);
}

enum status
sealed_open(const struct vault *key, uint8_t *base, size_t len)
{
	uint8_t *text = base + SEALED_HEAD;

	must(key->len == crypto_secretbox_KEYBYTES);
	if (len < SEALED_HEAD)
		return ST_MALFORMED;
	return crypto_secretbox_open_detached(
		   text, text, base + crypto_secretbox_NONCEBYTES,
		   len - SEALED_HEAD, base, key->base) == 0
		   ? ST_OK
		   : ST_MALFORMED;
}
