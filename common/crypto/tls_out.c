#include "crypto/tls_out.h"

#include <arpa/inet.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define HOST_MAX 256 /* of RFC 1035, 2.3.4, and a NUL */

struct tls_out {
	SSL_CTX *ctx;
	SSL *ssl;
	char why[160];
};

/* ---- whom we trust ---- */

static enum status
trust(SSL_CTX *ctx, struct span pem)
{
	BIO *in = BIO_new_mem_buf(pem.ptr,
				  pem.len > INT_MAX ? INT_MAX : (int)pem.len);
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	size_t count = 0;
	X509 *x;

	if (in == NULL)
		return ST_NOMEM;
	while ((x = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL) {
		count += X509_STORE_add_cert(store, x) == 1;
		X509_free(x);
	}
	BIO_free(in);
	ERR_clear_error(); /* the end of the file is one */
	return count > 0 ? ST_OK : ST_MALFORMED;
}

static enum status
new_context(struct tls_out *t, struct span ca_pem)
{
	t->ctx = SSL_CTX_new(TLS_client_method());
	if (t->ctx == NULL ||
	    SSL_CTX_set_min_proto_version(t->ctx, TLS1_2_VERSION) != 1)
		return ST_NOMEM;
	SSL_CTX_set_verify(t->ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_mode(t->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
				     SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	if (ca_pem.len > 0)
		return trust(t->ctx, ca_pem);
	return SSL_CTX_set_default_verify_paths(t->ctx) == 1 ? ST_OK : ST_NOMEM;
}

static bool
is_address(const char *host)
{
	uint8_t any[16];

	return inet_pton(AF_INET, host, any) == 1 ||
	       inet_pton(AF_INET6, host, any) == 1;
}

/* An address is no name to ask for by SNI (RFC 6066, 3). */
static bool
name_peer(SSL *s, const char *host)
{
	X509_VERIFY_PARAM *p = SSL_get0_param(s);
	char name[HOST_MAX]; /* the call for SNI takes no const */

	if (is_address(host))
		return X509_VERIFY_PARAM_set1_ip_asc(p, host) == 1;
	X509_VERIFY_PARAM_set_hostflags(p,
					X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	snprintf(name, sizeof(name), "%s", host);
	return X509_VERIFY_PARAM_set1_host(p, host, 0) == 1 &&
	       SSL_set_tlsext_host_name(s, name) == 1;
}

enum status
tls_out_open(const struct tls_out_to *to, struct tls_out **out)
{
	struct tls_out *t = calloc(1, sizeof(*t));
	enum status st;

	if (t == NULL)
		return ST_NOMEM;
	st = new_context(t, to->ca_pem);
	if (st != ST_OK)
		goto fail;
	st = ST_NOMEM;
	t->ssl = SSL_new(t->ctx);
	if (t->ssl == NULL || SSL_set_fd(t->ssl, to->fd) != 1 ||
	    !name_peer(t->ssl, to->host))
		goto fail;
	SSL_set_connect_state(t->ssl);
	*out = t;
	return ST_OK;
fail:
	tls_out_close(t);
	return st;
}

void
tls_out_close(struct tls_out *t)
{
	if (t == NULL)
		return;
	if (t->ssl != NULL && SSL_is_init_finished(t->ssl))
		(void)SSL_shutdown(t->ssl);
	SSL_free(t->ssl);
	SSL_CTX_free(t->ctx);
	ERR_clear_error();
	free(t);
}

/* ---- what became of a call ---- */

static enum status
failed(struct tls_out *t)
{
	unsigned long e = ERR_get_error();
	long seen = SSL_get_verify_result(t->ssl);
	const char *reason = ERR_reason_error_string(e);

	if (seen != X509_V_OK) {
		snprintf(t->why, sizeof(t->why), "its certificate: %s",
			 X509_verify_cert_error_string(seen));
		return ST_DENIED;
	}
	if (reason == NULL ||
	    ERR_GET_REASON(e) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
		snprintf(t->why, sizeof(t->why), "the connection was cut");
		return ST_CLOSED;
	}
	snprintf(t->why, sizeof(t->why), "TLS: %s", reason);
	return ST_IO;
}

static enum status
outcome(struct tls_out *t, int rc, short *events)
{
	switch (SSL_get_error(t->ssl, rc)) {
	case SSL_ERROR_NONE:
		return ST_OK;
	case SSL_ERROR_WANT_READ:
		*events = POLLIN;
		return ST_AGAIN;
	case SSL_ERROR_WANT_WRITE:
		*events = POLLOUT;
		return ST_AGAIN;
	case SSL_ERROR_ZERO_RETURN:
		return ST_EOF;
	default:
		return failed(t);
	}
}

/* ---- talking ---- */

enum status
tls_out_shake(struct tls_out *t, short *events)
{
	ERR_clear_error();
	return outcome(t, SSL_connect(t->ssl), events);
}

enum status
tls_out_read(struct tls_out *t, void *dst, size_t n, size_t *got, short *events)
{
	ERR_clear_error();
	return outcome(t, SSL_read_ex(t->ssl, dst, n, got), events);
}

enum status
tls_out_write(struct tls_out *t, struct span bytes, size_t *sent, short *events)
{
	ERR_clear_error();
	return outcome(t, SSL_write_ex(t->ssl, bytes.ptr, bytes.len, sent),
		       events);
}

const char *
tls_out_trouble(const struct tls_out *t)
{
	return t->why;
}
