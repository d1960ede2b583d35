#include "master/certs.h"

#include <string.h>

#include "base/codec.h"
#include "base/log.h"
#include "crypto/x509.h"
#include "master/cmd.h"
#include "sys/file.h"
#include "sys/host.h"

#define PEM_MAX (256 * 1024)
#define DAY_S   INT64_C(86400)

enum status
certs_write(const struct settings *s, const char *name, struct span der,
	    struct buf *why)
{
	char path[SETTINGS_PATH];
	struct buf pem;
	enum status st, said = ST_OK;

	settings_path(s, name, path);
	buf_init(&pem, PEM_MAX);
	st = cert_to_pem(der, &pem);
	if (st == ST_OK)
		st = file_replace(path, buf_span(&pem), 0644);
	buf_fini(&pem);
	if (st != ST_OK)
		said = buf_addf(why, "Cannot write %s: %s.", path,
				status_text(st));
	return said == ST_OK ? st : said;
}

/* ---- the gate ------------------------------------------------------------ */

enum status
certs_gate(const struct settings *s, const struct certs_ca *ca,
	   const struct key *k, int64_t from, struct buf *why)
{
	struct cert_order order = {.role = CERT_GATE, .not_before = from};
	struct cert_facts facts;
	struct buf csr, der;
	enum status st = cert_facts(ca->der, &facts);

	buf_init(&csr, X509_DER_MAX);
	buf_init(&der, X509_DER_MAX);
	if (st == ST_OK)
		st = csr_make(k, "trawl-gate", &csr);
	if (st == ST_OK) {
		order.not_after = from + CERTS_GATE_DAYS * DAY_S;
		if (order.not_after > facts.not_after)
			order.not_after = facts.not_after;
		st = cert_sign(ca->key, ca->der, buf_span(&csr), &order, &der);
	}
	if (st == ST_OK)
		st = certs_write(s, FILE_GATE_CERT, buf_span(&der), why);
	buf_fini(&csr);
	buf_fini(&der);
	return st;
}

/* ---- the console --------------------------------------------------------- */

/* Names and addresses by which the console may be opened. */
struct web_names {
	struct host host;
	struct conf_address given;
	const char *names[X509_NAMES_MAX];
	size_t count;
};

static void
add_name(struct web_names *w, const char *name)
{
	if (name[0] == '\0' || w->count == X509_NAMES_MAX ||
	    strcmp(name, "0.0.0.0") == 0 || strcmp(name, "::") == 0)
		return;
	for (size_t i = 0; i < w->count; i++)
		if (strcmp(w->names[i], name) == 0)
			return;
	w->names[w->count++] = name;
}

static void
find_names(const struct settings *s, struct web_names *w)
{
	const char *list = s->web;
	enum status st;

	memset(w, 0, sizeof(*w));
	if (settings_next_address(&list, &w->given, &st))
		add_name(w, w->given.host);
	if (host_look(&w->host) == ST_OK) {
		add_name(w, w->host.name);
		for (size_t i = 0; i < w->host.address_count; i++)
			add_name(w, w->host.addresses[i]);
	}
	add_name(w, "localhost");
	add_name(w, "127.0.0.1");
	add_name(w, "::1");
}

enum status
certs_web(const struct settings *s, const struct key *k,
	  char print[2 * HASH_LEN + 1], struct buf *why)
{
	struct web_names w;
	struct buf der;
	uint8_t sum[HASH_LEN];
	enum status st;

	buf_init(&der, X509_DER_MAX);
	find_names(s, &w);
	st = cert_make_web(k, w.names, w.count, CERTS_WEB_DAYS, &der);
	if (st == ST_OK)
		st = certs_write(s, FILE_WEB_CERT, buf_span(&der), why);
	if (st == ST_OK) {
		hash_sha256(buf_span(&der), sum);
		codec_hex(span_of(sum, sizeof(sum)), print);
	}
	buf_fini(&der);
	return st;
}

/* ---- in time ------------------------------------------------------------- */

/* A certificate of the data folder and its key. */
struct pair {
	struct key *key;
	struct buf der;
	struct cert_facts facts;
};

static void
pair_fini(struct pair *p)
{
	key_free(p->key);
	buf_fini(&p->der);
}

static enum status
pair_read(const struct settings *s, const char *key, const char *cert,
	  struct pair *p, struct buf *why)
{
	struct buf pem;
	enum status st;

	*p = (struct pair){.key = NULL};
	buf_init(&p->der, X509_DER_MAX);
	buf_init(&pem, PEM_MAX);
	st = cmd_read_file(s, cert, &pem, why);
	if (st == ST_OK)
		st = cert_from_pem(buf_span(&pem), &p->der);
	if (st == ST_OK)
		st = cert_facts(buf_span(&p->der), &p->facts);
	buf_clear(&pem);
	if (st == ST_OK)
		st = cmd_read_file(s, key, &pem, why);
	if (st == ST_OK)
		st = key_load(buf_span(&pem), &p->key);
	if (st == ST_OK)
		st = cert_matches(buf_span(&p->der), p->key);
	buf_fini(&pem);
	return st;
}

static bool
is_due(const struct pair *p, int64_t now)
{
	int64_t life = p->facts.not_after - p->facts.not_before;

	return p->facts.not_after - now < life / 3;
}

static enum status
renew_gate(const struct settings *s, int64_t now, struct buf *why)
{
	struct pair gate, ca;
	enum status st =
	    pair_read(s, FILE_GATE_KEY, FILE_GATE_CERT, &gate, why);

	if (st == ST_OK && is_due(&gate, now)) {
		st = pair_read(s, FILE_CA_KEY, FILE_CA_CERT, &ca, why);
		if (st == ST_OK) {
			struct certs_ca by = {.key = ca.key,
					      .der = buf_span(&ca.der)};

			/* Clocks of hosts differ. */
			st = certs_gate(s, &by, gate.key, now - DAY_S, why);
		}
		if (st == ST_OK)
			log_info("the certificate of the agent port is "
				 "renewed");
		pair_fini(&ca);
	}
	pair_fini(&gate);
	return st;
}

/* One that we did not make is of a kind that we would not make. */
static enum status
renew_web(const struct settings *s, int64_t now, struct buf *why)
{
	char print[2 * HASH_LEN + 1];
	struct pair web;
	struct buf given;
	enum status st;

	/* What cannot be read here may be a chain or a key that is not ours. */
	buf_init(&given, 4096);
	st = pair_read(s, FILE_WEB_KEY, FILE_WEB_CERT, &web, &given);
	buf_fini(&given);
	if (st == ST_OK && is_due(&web, now) &&
	    cert_is_own(buf_span(&web.der), CERTS_WEB_DAYS)) {
		st = certs_web(s, web.key, print, why);
		if (st == ST_OK)
			log_info("the certificate of the console is renewed: "
				 "browsers ask once more whether to trust it "
				 "sha256=%s",
				 print);
		pair_fini(&web);
		return st;
	}
	pair_fini(&web);
	return ST_OK;
}

enum status
certs_renew(const struct settings *s, int64_t now, struct buf *why)
{
	enum status gate = renew_gate(s, now, why);
	enum status web = renew_web(s, now, why);

	return gate != ST_OK ? gate : web;
}
