#ifndef FAKE_INSTALLATION_H
#define FAKE_INSTALLATION_H

#include <stdint.h>

#include "base/buf.h"
#include "crypto/tls.h"
#include "crypto/x509.h"

/* installation: a CA and a gate made up for one test; stops when it cannot. */
struct installation {
	struct key *ca_key;
	struct buf ca;       /* DER */
	struct buf gate_key; /* PEM */
	struct buf gate;     /* DER */
	uint8_t pin[TLS_PIN_LEN];
};

void installation_make(struct installation *i);
void installation_free(struct installation *i);

/* A key (PEM) and its certificate (DER), good from..to seconds from now. */
struct identity {
	struct buf key, cert;
};

struct identity_spec {
	enum cert_role role;
	uint64_t agent;
	int64_t from, to;
};

void identity_make(const struct installation *i, const struct identity_spec *s,
		   struct identity *out);
void identity_agent(const struct installation *i, uint64_t agent,
		    struct identity *out);
void identity_free(struct identity *id);

struct tls *installation_gate(const struct installation *i);
struct tls *installation_agent(const struct installation *i,
			       const struct identity *id);

#endif
