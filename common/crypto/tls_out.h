#ifndef CRYPTO_TLS_OUT_H
#define CRYPTO_TLS_OUT_H

#include <stddef.h>

#include "base/span.h"
#include "base/status.h"

/*
 * tls_out: TLS towards somebody else's server (a mailbox, a share). TLS 1.2 and
 * 1.3, the server's certificate is checked against the CAs of this host or
 * those given, and against the name it was asked for (RFC 6125; an address
 * stands in the certificate as an address).
 *
 * The descriptor is the caller's and does not block. What cannot go on gives
 * ST_AGAIN and in *events what to poll() for, whichever way the call went.
 *
 * Owner:   tls_out_close() takes NULL; it leaves the descriptor open.
 * Threads: one at a time.
 */
struct tls_out;

struct tls_out_to {
	int fd;
	const char *host;   /* the name, or an address without brackets */
	struct span ca_pem; /* certificates trusted; empty: this host's own */
};

/* ST_MALFORMED: ca_pem holds no certificate. */
NODISCARD enum status tls_out_open(const struct tls_out_to *to,
				   struct tls_out **out);

/* The handshake. ST_DENIED: the certificate is not to be trusted. */
NODISCARD enum status tls_out_shake(struct tls_out *t, short *events);

/* ST_EOF: it said good-bye. ST_CLOSED: it was cut off without one. */
NODISCARD enum status tls_out_read(struct tls_out *t, void *dst, size_t n,
				   size_t *got, short *events);
NODISCARD enum status tls_out_write(struct tls_out *t, struct span bytes,
				    size_t *sent, short *events);

/* Why the last call failed, in words for people; empty when it did not. */
const char *tls_out_trouble(const struct tls_out *t);

/* Says good-bye if that needs no waiting. */
void tls_out_close(struct tls_out *t);

#endif
