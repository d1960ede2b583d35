#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <time.h>

#include "crypto/hash.h"
#include "crypto/names.h"
#include "crypto/x509_impl.h"

static enum status
seconds_of(const ASN1_TIME *t, int64_t *out)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(t, &tm) != 1)
		return ST_MALFORMED;
	*out = (int64_t)timegm(&tm);
	return ST_OK;
}

static enum status
serial_of(X509 *x, uint8_t out[X509_SERIAL_LEN])
{
	BIGNUM *n = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
	int len;

	if (n == NULL)
		return ST_MALFORMED;
	len = BN_is_negative(n) ? -1 : BN_bn2binpad(n, out, X509_SERIAL_LEN);
	BN_free(n);
	return len == X509_SERIAL_LEN ? ST_OK : ST_MALFORMED;
}

enum status
cert_facts(struct span der, struct cert_facts *out)
{
	struct cert_facts f = {0};
	EVP_PKEY *k;
	X509 *x = NULL;
	enum status st = x509_decode(der, &x);

	if (st != ST_OK)
		return st;
	k = X509_get0_pubkey(x);
	f.role = names_role(x, &f.agent);
	st = k == NULL ? ST_MALFORMED : key_hash_native(k, f.key);
	if (st == ST_OK)
		st = seconds_of(X509_get0_notBefore(x), &f.not_before);
	if (st == ST_OK)
		st = seconds_of(X509_get0_notAfter(x), &f.not_after);
	if (st == ST_OK)
		st = serial_of(x, f.serial);
	X509_free(x);
	if (st != ST_OK)
		return st;
	hash_sha256(der, f.hash);
	*out = f;
	return ST_OK;
}

enum status
cert_check(struct span der, struct span ca_der, int64_t at)
{
	X509 *x = NULL, *ca = NULL;
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	enum status st = x509_decode(der, &x);

	if (st == ST_OK)
		st = x509_decode(ca_der, &ca);
	if (st == ST_OK && (store == NULL || ctx == NULL ||
			    X509_STORE_add_cert(store, ca) != 1 ||
			    X509_STORE_CTX_init(ctx, store, x, NULL) != 1))
		st = ST_NOMEM;
	if (st == ST_OK) {
		X509_STORE_CTX_set_time(ctx, 0, (time_t)at);
		X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_X509_STRICT);
		st = X509_verify_cert(ctx) == 1 ? ST_OK : ST_DENIED;
	}
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	X509_free(ca);
	X509_free(x);
	return st;
}

enum status
cert_matches(struct span der, const struct key *k)
{
	X509 *x = NULL;
	enum status st = x509_decode(der, &x);

	if (st == ST_OK && X509_check_private_key(x, key_native(k)) != 1)
		st = ST_DENIED;
	X509_free(x);
	return st;
}

bool
cert_is_own(struct span der, unsigned days)
{
	struct cert_facts facts;
	X509 *x = NULL;
	bool own = x509_decode(der, &x) == ST_OK && X509_self_signed(x, 1) == 1;

	X509_free(x);
	return own && cert_facts(der, &facts) == ST_OK &&
	       facts.not_after - facts.not_before ==
		   BACKDATE + (int64_t)days * DAY;
}
