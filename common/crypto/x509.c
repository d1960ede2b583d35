#include "crypto/x509.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <limits.h>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "crypto/hash.h"
#include "crypto/names.h"
#include "crypto/random.h"

#define CA_DAYS  (20 * 365)
#define DAY      86400
#define BACKDATE DAY /* clocks of hosts differ */

/* ---- decoding ---- */

static enum status
decode_cert(struct span der, X509 **out)
{
	const unsigned char *at = der.ptr;
	X509 *x;

	if (der.len > X509_DER_MAX)
		return ST_LIMIT;
	if (der.len == 0)
		return ST_MALFORMED;
	x = d2i_X509(NULL, &at, (long)der.len);
	if (x != NULL && at == der.ptr + der.len) {
		*out = x;
		return ST_OK;
	}
	X509_free(x);
	return ST_MALFORMED;
}

static enum status
decode_csr(struct span der, X509_REQ **out)
{
	const unsigned char *at = der.ptr;
	X509_REQ *r;

	if (der.len > X509_DER_MAX)
		return ST_LIMIT;
	if (der.len == 0)
		return ST_MALFORMED;
	r = d2i_X509_REQ(NULL, &at, (long)der.len);
	if (r != NULL && at == der.ptr + der.len) {
		*out = r;
		return ST_OK;
	}
	X509_REQ_free(r);
	return ST_MALFORMED;
}

static enum status
encode_cert(X509 *x, struct buf *der)
{
	unsigned char *bytes = NULL;
	int len = i2d_X509(x, &bytes);
	enum status st;

	if (len <= 0)
		return ST_NOMEM;
	st = buf_add(der, bytes, (size_t)len);
	OPENSSL_free(bytes);
	return st;
}

/* ---- requests ---- */

static int
name_add(X509_NAME *n, const char *field, const char *text)
{
	return X509_NAME_add_entry_by_txt(
	    n, field, MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0);
}

/* X.520 allows 64 characters of a common name. */
static int
name_set(X509_NAME *n, const char *cn)
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
	    !name_set(X509_REQ_get_subject_name(r), name) ||
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

/* Its key when it is good: on P-256, and the request is signed with it. */
static enum status
csr_key(X509_REQ *r, EVP_PKEY **out)
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
	enum status st = decode_csr(der, &r);

	if (st == ST_OK)
		st = csr_key(r, &k);
	if (st == ST_OK)
		st = key_hash_native(k, hash);
	X509_REQ_free(r);
	return st;
}

/* ---- making certificates ---- */

static int
set_serial(X509 *x)
{
	uint8_t bytes[X509_SERIAL_LEN];
	BIGNUM *n;
	int ok;

	random_bytes(bytes, sizeof(bytes));
	bytes[0] = (uint8_t)((bytes[0] & 0x3f) | 0x40); /* positive, 16 bytes */
	n = BN_bin2bn(bytes, sizeof(bytes), NULL);
	ok = n != NULL &&
	     BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x)) != NULL;
	BN_free(n);
	return ok;
}

static int
set_times(X509 *x, int64_t from, int64_t to)
{
	return ASN1_TIME_set(X509_getm_notBefore(x), (time_t)from) != NULL &&
	       ASN1_TIME_set(X509_getm_notAfter(x), (time_t)to) != NULL;
}

static int
add_text_ext(X509 *x, X509 *issuer, int nid, const char *text)
{
	X509_EXTENSION *e;
	X509V3_CTX ctx;
	int ok;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, text);
	ok = e != NULL && X509_add_ext(x, e, -1) == 1;
	X509_EXTENSION_free(e);
	return ok;
}

struct ext_text {
	int nid;
	const char *text; /* NULL: the last one */
};

static int
add_exts(X509 *x, X509 *issuer, const struct ext_text *e)
{
	for (; e->text != NULL; e++)
		if (!add_text_ext(x, issuer, e->nid, e->text))
			return 0;
	return 1;
}

static X509 *
blank(EVP_PKEY *key, const char *cn, int64_t from, int64_t to)
{
	X509 *x = X509_new();

	if (x != NULL && X509_set_version(x, X509_VERSION_3) == 1 &&
	    set_serial(x) && set_times(x, from, to) &&
	    name_set(X509_get_subject_name(x), cn) &&
	    X509_set_pubkey(x, key) == 1)
		return x;
	X509_free(x);
	return NULL;
}

enum status
cert_make_ca(const struct key *k, const char *name, struct buf *der)
{
	static const struct ext_text exts[] = {
	    {NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
	    {NID_key_usage, "critical,keyCertSign,cRLSign"},
	    {NID_subject_key_identifier, "hash"},
	    {0, NULL},
	};
	int64_t now = (int64_t)time(NULL);
	X509 *x = blank(key_native(k), name, now - BACKDATE,
			now + (int64_t)CA_DAYS * DAY);
	enum status st = ST_NOMEM;

	if (x != NULL &&
	    X509_set_issuer_name(x, X509_get_subject_name(x)) == 1 &&
	    add_exts(x, x, exts) &&
	    X509_sign(x, key_native(k), EVP_sha256()) > 0)
		st = encode_cert(x, der);
	X509_free(x);
	return st;
}

/* The names that each role carries; see crypto/names.h. */
static void
role_words(const struct cert_order *o, char *cn, char *san, size_t room)
{
	if (o->role == CERT_AGENT) {
		snprintf(cn, room, "agent %" PRIu64, o->agent);
		snprintf(san, room, "URI:" NAME_AGENT "%" PRIu64, o->agent);
	} else {
		snprintf(cn, room, "gate");
		snprintf(san, room, "URI:" NAME_GATE);
	}
}

static enum status
issue(const struct key *ca_key, X509 *ca, EVP_PKEY *key,
      const struct cert_order *o, struct buf *der)
{
	char cn[64], san[64];
	const struct ext_text exts[] = {
	    {NID_basic_constraints, "critical,CA:FALSE"},
	    {NID_key_usage, "critical,digitalSignature"},
	    {NID_ext_key_usage,
	     o->role == CERT_AGENT ? "clientAuth" : "serverAuth"},
	    {NID_subject_key_identifier, "hash"},
	    {NID_authority_key_identifier, "keyid:always"},
	    {NID_subject_alt_name, san},
	    {0, NULL},
	};
	enum status st = ST_NOMEM;
	X509 *x;

	role_words(o, cn, san, sizeof(cn));
	x = blank(key, cn, o->not_before, o->not_after);
	if (x != NULL &&
	    X509_set_issuer_name(x, X509_get_subject_name(ca)) == 1 &&
	    add_exts(x, ca, exts) &&
	    X509_sign(x, key_native(ca_key), EVP_sha256()) > 0)
		st = encode_cert(x, der);
	X509_free(x);
	return st;
}

enum status
cert_sign(const struct key *ca_key, struct span ca_der, struct span csr,
	  const struct cert_order *o, struct buf *der)
{
	X509 *ca = NULL;
	X509_REQ *r = NULL;
	EVP_PKEY *key = NULL;
	enum status st;

	if ((o->role != CERT_AGENT && o->role != CERT_GATE) ||
	    o->not_after <= o->not_before)
		return ST_USAGE;
	st = decode_cert(ca_der, &ca);
	if (st == ST_OK)
		st = decode_csr(csr, &r);
	if (st == ST_OK)
		st = csr_key(r, &key);
	if (st == ST_OK && X509_check_private_key(ca, key_native(ca_key)) != 1)
		st = ST_DENIED; /* the key is not that of the CA */
	if (st == ST_OK)
		st = issue(ca_key, ca, key, o, der);
	X509_REQ_free(r);
	X509_free(ca);
	return st;
}

/* A literal address is an IP name, all else a DNS name. */
static GENERAL_NAME *
web_name(const char *text)
{
	GENERAL_NAME *g = GENERAL_NAME_new();
	ASN1_OCTET_STRING *ip = a2i_IPADDRESS(text);
	ASN1_IA5STRING *dns;

	if (g == NULL) {
		ASN1_OCTET_STRING_free(ip);
		return NULL;
	}
	if (ip != NULL) {
		GENERAL_NAME_set0_value(g, GEN_IPADD, ip);
		return g;
	}
	dns = ASN1_IA5STRING_new();
	if (dns == NULL || ASN1_STRING_set(dns, text, -1) != 1) {
		ASN1_IA5STRING_free(dns);
		GENERAL_NAME_free(g);
		return NULL;
	}
	GENERAL_NAME_set0_value(g, GEN_DNS, dns);
	return g;
}

static int
add_web_names(X509 *x, const char *const *names, size_t n)
{
	GENERAL_NAMES *all = GENERAL_NAMES_new();
	int ok = all != NULL;

	for (size_t i = 0; ok && i < n; i++) {
		GENERAL_NAME *g = web_name(names[i]);

		ok = g != NULL && sk_GENERAL_NAME_push(all, g) > 0;
		if (!ok)
			GENERAL_NAME_free(g);
	}
	ok = ok && X509_add1_ext_i2d(x, NID_subject_alt_name, all, 0,
				     X509V3_ADD_DEFAULT) == 1;
	GENERAL_NAMES_free(all);
	return ok;
}

enum status
cert_make_web(const struct key *k, const char *const *names, size_t n,
	      unsigned days, struct buf *der)
{
	static const struct ext_text exts[] = {
	    {NID_basic_constraints, "critical,CA:FALSE"},
	    {NID_key_usage, "critical,digitalSignature"},
	    {NID_ext_key_usage, "serverAuth"},
	    {NID_subject_key_identifier, "hash"},
	    {0, NULL},
	};
	int64_t now = (int64_t)time(NULL);
	enum status st = ST_NOMEM;
	X509 *x;

	if (n == 0 || n > X509_NAMES_MAX || days == 0)
		return ST_USAGE;
	x = blank(key_native(k), names[0], now - BACKDATE,
		  now + (int64_t)days * DAY);
	if (x != NULL &&
	    X509_set_issuer_name(x, X509_get_subject_name(x)) == 1 &&
	    add_exts(x, x, exts) && add_web_names(x, names, n) &&
	    X509_sign(x, key_native(k), EVP_sha256()) > 0)
		st = encode_cert(x, der);
	X509_free(x);
	return st;
}

/* ---- reading certificates ---- */

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
	enum status st = decode_cert(der, &x);

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
	enum status st = decode_cert(der, &x);

	if (st == ST_OK)
		st = decode_cert(ca_der, &ca);
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
	enum status st = decode_cert(der, &x);

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
	bool own = decode_cert(der, &x) == ST_OK && X509_self_signed(x, 1) == 1;

	X509_free(x);
	return own && cert_facts(der, &facts) == ST_OK &&
	       facts.not_after - facts.not_before ==
		   BACKDATE + (int64_t)days * DAY;
}

/* ---- PEM ---- */

enum status
cert_from_pem(struct span pem, struct buf *der)
{
	enum status st;
	BIO *bio;
	X509 *x;

	if (pem.len == 0 || pem.len > 64 * 1024)
		return ST_MALFORMED;
	bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
	if (bio == NULL)
		return ST_NOMEM;
	x = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	BIO_free(bio);
	if (x == NULL)
		return ST_MALFORMED;
	st = encode_cert(x, der);
	X509_free(x);
	return st;
}

enum status
cert_to_pem(struct span der, struct buf *pem)
{
	X509 *x = NULL;
	enum status st = decode_cert(der, &x);
	BIO *bio = NULL;
	char *text;
	long len = 0;

	if (st != ST_OK)
		return st;
	bio = BIO_new(BIO_s_mem());
	if (bio != NULL && PEM_write_bio_X509(bio, x) == 1)
		len = BIO_get_mem_data(bio, &text);
	st = len > 0 ? buf_add(pem, text, (size_t)len) : ST_NOMEM;
	BIO_free(bio);
	X509_free(x);
	return st;
}
