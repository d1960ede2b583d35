#include <openssl/bio.h>
#include <openssl/pem.h>

#include "crypto/x509_impl.h"

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
	st = x509_encode(x, der);
	X509_free(x);
	return st;
}

enum status
cert_to_pem(struct span der, struct buf *pem)
{
	X509 *x = NULL;
	enum status st = x509_decode(der, &x);
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
