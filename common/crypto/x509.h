#ifndef CRYPTO_X509_H
#define CRYPTO_X509_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "crypto/key.h"

/*
 * x509: keys, requests and certificates of the installation. All keys are on
 * P-256. One CA signs the gate and the agents; the console's certificate is
 * signed by itself.
 *
 * Limits:  what is decoded is at most X509_DER_MAX bytes; more is ST_LIMIT.
 * Errors:  ST_MALFORMED for bytes that are not what they should be, ST_DENIED
 *          for a signature, a time or a use that is not right.
 */
#define X509_DER_MAX    8192
#define X509_HASH_LEN   32
#define X509_SERIAL_LEN 16
#define X509_AGENT_DAYS 30
#define X509_NAMES_MAX  32

/* A request (DER) signed by k; name is a host name for people to read. */
NODISCARD enum status csr_make(const struct key *k, const char *name,
			       struct buf *der);
/* Its own signature holds and the key is on P-256; gives the key's hash. */
NODISCARD enum status csr_check(struct span der, uint8_t hash[X509_HASH_LEN]);

/* What a certificate is for; the CA puts nothing in but this. */
enum cert_role {
	CERT_CA = 1,    /* signs */
	CERT_GATE = 2,  /* serverAuth, URI trawl://gate */
	CERT_AGENT = 3, /* clientAuth, URI trawl://agent/<id> */
	CERT_WEB = 4,   /* serverAuth, names and addresses of the console */
};

/* A new CA of 20 years for key k, as DER. */
NODISCARD enum status cert_make_ca(const struct key *k, const char *name,
				   struct buf *der);

struct cert_order {
	enum cert_role role; /* CERT_GATE or CERT_AGENT */
	uint64_t agent;      /* id, for CERT_AGENT */
	int64_t not_before;  /* seconds since 1970 */
	int64_t not_after;
};

/* Sign the key of a request; nothing else of the request is taken over. */
NODISCARD enum status cert_sign(const struct key *ca_key, struct span ca_der,
				struct span csr, const struct cert_order *o,
				struct buf *der);

/* Self-signed, for host names and addresses (IPv4, IPv6 in text). */
NODISCARD enum status cert_make_web(const struct key *k,
				    const char *const *names, size_t n,
				    unsigned days, struct buf *der);

struct cert_facts {
	enum cert_role role;
	uint64_t agent; /* for CERT_AGENT, else 0 */
	uint8_t serial[X509_SERIAL_LEN];
	int64_t not_before, not_after; /* seconds since 1970 */
	uint8_t key[X509_HASH_LEN];    /* SHA-256 of its public key */
	uint8_t hash[X509_HASH_LEN];   /* SHA-256 of its DER */
};

NODISCARD enum status cert_facts(struct span der, struct cert_facts *out);

/* der is signed by ca and good at that time (seconds since 1970). */
NODISCARD enum status cert_check(struct span der, struct span ca_der,
				 int64_t at);

/* der belongs to the key. */
NODISCARD enum status cert_matches(struct span der, const struct key *k);

/* Signed by its own key, and of so many days as cert_make_web() gives. */
bool cert_is_own(struct span der, unsigned days);

/* First certificate of a PEM text as DER, and back. */
NODISCARD enum status cert_from_pem(struct span pem, struct buf *der);
NODISCARD enum status cert_to_pem(struct span der, struct buf *pem);

#endif
