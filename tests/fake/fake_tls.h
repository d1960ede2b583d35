#ifndef FAKE_TLS_H
#define FAKE_TLS_H

#include <openssl/ssl.h>

/*
 * fake_tls: a key and a certificate of 127.0.0.1 that signs itself, made up for
 * one test; stops when it cannot.
 */
struct fake_tls;

struct fake_tls *fake_tls_make(void);
void fake_tls_free(struct fake_tls *t); /* takes NULL */

/* PEM of what is to be trusted; as long as it lives. */
const char *fake_tls_ca(const struct fake_tls *t);

/* The server's end of a connection; NULL: the other side does not shake. */
SSL *fake_tls_accept(const struct fake_tls *t, int fd);

#endif
