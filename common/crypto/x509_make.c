#include <arpa/inet.h>
#include <inttypes.h>
#include <limits.h>
#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <time.h>

#include "crypto/names.h"
#include "crypto/random.h"
#include "crypto/x509_impl.h"

#define CA_DAYS (20 * 365)

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
	    x509_name(X509_get_subject_name(x), cn) &&
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
		st = x509_encode(x, der);
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
		st = x509_encode(x, der);
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
	st = x509_decode(ca_der, &ca);
	if (st == ST_OK)
		st = x509_decode_csr(csr, &r);
	if (st == ST_OK)
		st = x509_csr_key(r, &key);
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
		st = x509_encode(x, der);
	X509_free(x);
	return st;
}
