#include "crypto/key.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "crypto/hash.h"

struct key {
	EVP_PKEY *pkey;
};

static enum status
wrap(EVP_PKEY *pkey, struct key **out)
{
	struct key *k = malloc(sizeof(*k));

	if (k == NULL) {
		EVP_PKEY_free(pkey);
		return ST_NOMEM;
	}
	k->pkey = pkey;
	*out = k;
	return ST_OK;
}

enum status
key_make(struct key **out)
{
	EVP_PKEY *pkey = EVP_EC_gen("P-256");

	return pkey != NULL ? wrap(pkey, out) : ST_NOMEM;
}

int
key_is_p256(EVP_PKEY *k)
{
	char group[32];
	size_t len = 0;

	return EVP_PKEY_is_a(k, "EC") == 1 &&
	       EVP_PKEY_get_group_name(k, group, sizeof(group), &len) == 1 &&
	       strcmp(group, "prime256v1") == 0;
}

enum status
key_load(struct span pem, struct key **out)
{
	/* Given one, the library asks nobody: the terminal is not ours. */
	char no_passphrase[] = "";
	EVP_PKEY *pkey;
	BIO *bio;

	if (pem.len == 0 || pem.len > 64 * 1024)
		return ST_MALFORMED;
	bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
	if (bio == NULL)
		return ST_NOMEM;
	pkey = PEM_read_bio_PrivateKey(bio, NULL, NULL, no_passphrase);
	BIO_free(bio);
	if (pkey == NULL)
		return ST_MALFORMED;
	if (!key_is_p256(pkey)) {
		EVP_PKEY_free(pkey);
		return ST_MALFORMED;
	}
	return wrap(pkey, out);
}

enum status
key_pem(const struct key *k, struct buf *to)
{
	enum status st = ST_NOMEM;
	BIO *bio = BIO_new(BIO_s_secmem());
	char *text;
	long len;

	if (bio == NULL)
		return ST_NOMEM;
	if (PEM_write_bio_PKCS8PrivateKey(bio, k->pkey, NULL, NULL, 0, NULL,
					  NULL) == 1) {
		len = BIO_get_mem_data(bio, &text);
		if (len > 0)
			st = buf_add(to, text, (size_t)len);
	}
	BIO_free(bio);
	return st;
}

void
key_free(struct key *k)
{
	if (k == NULL)
		return;
	EVP_PKEY_free(k->pkey); /* wipes the private half */
	free(k);
}

EVP_PKEY *
key_native(const struct key *k)
{
	return k->pkey;
}

enum status
key_hash_native(EVP_PKEY *k, uint8_t out[KEY_LEN_HASH])
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(k, &der);

	if (len <= 0)
		return ST_NOMEM;
	hash_sha256(span_of(der, (size_t)len), out);
	OPENSSL_free(der);
	return ST_OK;
}

enum status
key_hash(const struct key *k, uint8_t out[KEY_LEN_HASH])
{
	return key_hash_native(k->pkey, out);
}

void
key_print(const uint8_t hash[KEY_LEN_HASH], char out[KEY_PRINT_LEN])
{
	size_t at = 0;

	for (size_t i = 0; i < 16; i += 2) {
		int n = snprintf(out + at, KEY_PRINT_LEN - at, "%s%02X%02X",
				 i == 0 ? "" : " ", hash[i], hash[i + 1]);

		must(n > 0 && (size_t)n < KEY_PRINT_LEN - at);
		at += (size_t)n;
	}
}
