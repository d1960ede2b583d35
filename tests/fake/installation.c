#include "fake/installation.h"

#include <time.h>

#include "base/must.h"

#define DAY 86400

void
installation_make(struct installation *i)
{
	static const struct identity_spec gate = {CERT_GATE, 0, -DAY,
						  (int64_t)3650 * DAY};
	struct identity id;

	buf_init(&i->ca, X509_DER_MAX);
	must(key_make(&i->ca_key) == ST_OK);
	must(cert_make_ca(i->ca_key, "Made-up CA", &i->ca) == ST_OK);
	must(key_hash(i->ca_key, i->pin) == ST_OK);
	identity_make(i, &gate, &id);
	i->gate_key = id.key;
	i->gate = id.cert;
}

void
installation_free(struct installation *i)
{
	key_free(i->ca_key);
	buf_fini(&i->ca);
	buf_fini(&i->gate_key);
	buf_fini(&i->gate);
}

void
identity_make(const struct installation *i, const struct identity_spec *s,
	      struct identity *out)
{
	int64_t now = (int64_t)time(NULL);
	struct cert_order o = {s->role, s->agent, now + s->from, now + s->to};
	struct key *k;
	struct buf csr;

	buf_init(&out->key, 4096);
	buf_init(&out->cert, X509_DER_MAX);
	buf_init(&csr, X509_DER_MAX);
	must(key_make(&k) == ST_OK);
	must(key_pem(k, &out->key) == ST_OK);
	must(csr_make(k, "host.example", &csr) == ST_OK);
	must(cert_sign(i->ca_key, buf_span(&i->ca), buf_span(&csr), &o,
		       &out->cert) == ST_OK);
	key_free(k);
	buf_fini(&csr);
}

void
identity_agent(const struct installation *i, uint64_t agent,
	       struct identity *out)
{
	struct identity_spec s = {CERT_AGENT, agent, -DAY, (int64_t)30 * DAY};

	identity_make(i, &s, out);
}

void
identity_free(struct identity *id)
{
	buf_fini(&id->key);
	buf_fini(&id->cert);
}

struct tls *
installation_gate(const struct installation *i)
{
	struct tls_identity id = {buf_span(&i->gate_key), buf_span(&i->gate),
				  buf_span(&i->ca)};
	struct tls *t;

	must(tls_gate(&id, &t) == ST_OK);
	return t;
}

struct tls *
installation_agent(const struct installation *i, const struct identity *who)
{
	struct tls_identity id = {buf_span(&who->key), buf_span(&who->cert),
				  buf_span(&i->ca)};
	struct tls *t;

	must(tls_agent(&id, &t) == ST_OK);
	return t;
}
