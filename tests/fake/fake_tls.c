#include "fake/fake_tls.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "base/must.h"

#define PEM_MAX 4096
#define DAY     86400

struct fake_tls {
	SSL_CTX *ctx;
	char ca[PEM_MAX];
};

static void
add_extension(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	must(e != NULL && X509_add_ext(x, e, -1) == 1);
	X509_EXTENSION_free(e);
}

static X509 *
make_certificate(EVP_PKEY *key)
{
	X509 *x = X509_new();
	X509_NAME *name = X509_get_subject_name(x);

	must(X509_set_version(x, 2) == 1);
	must(ASN1_INTEGER_set(X509_get_serialNumber(x), 1) == 1);
	must(X509_gmtime_adj(X509_getm_notBefore(x), -DAY) != NULL);
	must(X509_gmtime_adj(X509_getm_notAfter(x), DAY) != NULL);
	must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
					(const unsigned char *)"made up", -1,
					-1, 0) == 1);
	must(X509_set_issuer_name(x, name) == 1);
	must(X509_set_pubkey(x, key) == 1);
	add_extension(x, NID_basic_constraints, "critical,CA:TRUE");
	add_extension(x, NID_subject_alt_name, "IP:127.0.0.1");
	must(X509_sign(x, key, EVP_sha256()) > 0);
	return x;
}

static void
write_pem(struct fake_tls *t, X509 *x)
{
	BIO *b = BIO_new(BIO_s_mem());
	int n;

	must(b != NULL && PEM_write_bio_X509(b, x) == 1);
	n = BIO_read(b, t->ca, PEM_MAX - 1);
	must(n > 0);
	t->ca[n] = 0;
	BIO_free(b);
}

struct fake_tls *
fake_tls_make(void)
{
	struct fake_tls *t = calloc(1, sizeof(*t));
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x;

	must(t != NULL && key != NULL);
	x = make_certificate(key);
	write_pem(t, x);
	t->ctx = SSL_CTX_new(TLS_server_method());
	must(t->ctx != NULL && SSL_CTX_use_certificate(t->ctx, x) == 1 &&
	     SSL_CTX_use_PrivateKey(t->ctx, key) == 1);
	X509_free(x);
	EVP_PKEY_free(key);
	return t;
}

void
fake_tls_free(struct fake_tls *t)
{
	if (t == NULL)
		return;
	SSL_CTX_free(t->ctx);
	free(t);
}

const char *
fake_tls_ca(const struct fake_tls *t)
{
	return t->ca;
}

SSL *
fake_tls_accept(const struct fake_tls *t, int fd)
{
	SSL *ssl = SSL_new(t->ctx);

	must(ssl != NULL && SSL_set_fd(ssl, fd) == 1);
	if (SSL_accept(ssl) == 1)
		return ssl;
	SSL_free(ssl);
	return NULL;
}
