#include <stdio.h>

#include "crypto/x509_impl.h"

static int
name_add(X509_NAME *n, const char *field, const char *text)
{
	return X509_NAME_add_entry_by_txt(
	    n, field, MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0);
}

int
x509_name(X509_NAME *n, const char *cn)
{
	char cut[64];

	snprintf(cut, sizeof(cut), "%s", cn);
	return name_add(n, "O", "Trawl") == 1 && name_add(n, "CN", cut) == 1;
}

enum status
csr_make(const struct key *k, const char *name, struct buf *der)
{
	enum status st = ST_NOMEM;
	unsigned char *bytes = NULL;
	X509_REQ *r = X509_REQ_new();
	int len;

	if (r == NULL || X509_REQ_set_version(r, X509_REQ_VERSION_1) != 1 ||
	    !x509_name(X509_REQ_get_subject_name(r), name) ||
	    X509_REQ_set_pubkey(r, key_native(k)) != 1 ||
	    X509_REQ_sign(r, key_native(k), EVP_sha256()) <= 0)
		goto out;
	len = i2d_X509_REQ(r, &bytes);
	if (len > 0)
		st = buf_add(der, bytes, (size_t)len);
	OPENSSL_free(bytes);
out:
	X509_REQ_free(r);
	return st;
}

enum status
x509_csr_key(X509_REQ *r, EVP_PKEY **out)
{
	EVP_PKEY *k = X509_REQ_get0_pubkey(r);

	if (k == NULL || !key_is_p256(k))
		return ST_MALFORMED;
	if (X509_REQ_verify(r, k) != 1)
		return ST_DENIED;
	*out = k;
	return ST_OK;
}

enum status
csr_check(struct span der, uint8_t hash[X509_HASH_LEN])
{
	EVP_PKEY *k = NULL;
	X509_REQ *r = NULL;
	enum status st = x509_decode_csr(der, &r);

	if (st == ST_OK)
		st = x509_csr_key(r, &k);
	if (st == ST_OK)
		st = key_hash_native(k, hash);
	X509_REQ_free(r);
	return st;
}
