/*
 * Certificates as the files of it share them: `x509_der` and `x509_pem` are how
 * they are written, `x509_csr` requests, `x509_make` makes certificates,
 * `x509_check` reads them.
 */
#ifndef CRYPTO_X509_IMPL_H
#define CRYPTO_X509_IMPL_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "crypto/x509.h"

#define DAY      86400
#define BACKDATE DAY /* clocks of hosts differ */

/* Exactly one, nothing behind it. */
enum status x509_decode(struct span der, X509 **out);
enum status x509_decode_csr(struct span der, X509_REQ **out);
enum status x509_encode(X509 *x, struct buf *der);

/* Ours, and for whom; 0: it is not written. */
/* X.520 allows 64 characters of a common name. */
int x509_name(X509_NAME *n, const char *cn);
/* Its key when it is good: on P-256, and the request is signed with it. */
enum status x509_csr_key(X509_REQ *r, EVP_PKEY **out);

#endif
