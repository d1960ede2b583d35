#include "crypto/hash.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <string.h>

#include "base/must.h"

void
hash_sha256(struct span s, uint8_t out[HASH_LEN])
{
	unsigned len = 0;

	must(EVP_Digest(s.len > 0 ? (const void *)s.ptr : "", s.len, out, &len,
			EVP_sha256(), NULL) == 1);
	must(len == HASH_LEN);
}

void
hash_sha1(struct span s, uint8_t out[HASH_SHA1_LEN])
{
	unsigned len = 0;

	must(EVP_Digest(s.len > 0 ? (const void *)s.ptr : "", s.len, out, &len,
			EVP_sha1(), NULL) == 1);
	must(len == HASH_SHA1_LEN);
}

void
hash_hmac(struct span key, struct span s, uint8_t out[HASH_LEN])
{
	unsigned len = 0;

	must(key.len <= INT32_MAX);
	must(HMAC(EVP_sha256(), key.len > 0 ? (const void *)key.ptr : "",
		  (int)key.len, s.len > 0 ? s.ptr : (const uint8_t *)"", s.len,
		  out, &len) != NULL);
	must(len == HASH_LEN);
}

/* The library takes its parameters without const, and only reads them. */
static OSSL_PARAM
octets(const char *name, struct span s)
{
	static uint8_t none;
	union {
		const uint8_t *in;
		uint8_t *out;
	} p = {.in = s.len > 0 ? s.ptr : &none};

	return OSSL_PARAM_construct_octet_string(name, p.out, s.len);
}

void
hash_hkdf(struct span secret, struct span salt, struct span info, uint8_t *out,
	  size_t len)
{
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
	    OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
	    octets(OSSL_KDF_PARAM_KEY, secret),
	    octets(OSSL_KDF_PARAM_SALT, salt),
	    octets(OSSL_KDF_PARAM_INFO, info),
	    OSSL_PARAM_construct_end(),
	};
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx;

	must(kdf != NULL && len <= (size_t)255 * HASH_LEN);
	ctx = EVP_KDF_CTX_new(kdf);
	must(ctx != NULL);
	must(EVP_KDF_derive(ctx, out, len, params) == 1);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
}

void
hash_enroll_proof(const uint8_t token_key[HASH_LEN],
		  const uint8_t exporter[HASH_LEN], struct span csr,
		  uint8_t out[HASH_LEN])
{
	uint8_t text[2 * HASH_LEN];

	memcpy(text, exporter, HASH_LEN);
	hash_sha256(csr, text + HASH_LEN);
	hash_hmac(span_of(token_key, HASH_LEN), span_of(text, sizeof(text)),
		  out);
}
