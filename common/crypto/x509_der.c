#include "crypto/x509_impl.h"

enum status
x509_decode(struct span der, X509 **out)
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

enum status
x509_decode_csr(struct span der, X509_REQ **out)
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

enum status
x509_encode(X509 *x, struct buf *der)
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
