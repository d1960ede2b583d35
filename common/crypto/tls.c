#include "crypto/tls_impl.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/names.h"
#include "crypto/secret.h"

#define SUITES                                                                 \
	"TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:"                       \
	"TLS_CHACHA20_POLY1305_SHA256"
#define GROUPS    "X25519:P-256"
#define CHAIN_MAX 4 /* certificates that a peer may show */

static const unsigned char alpn[] = "\x07" TLS_ALPN; /* length and name */
#define ALPN_LEN (sizeof(alpn) - 1)

/* ---- who is there ---- */

/* Called for each certificate of the chain; the first one is the peer's own. */
static int
check_role(int good, X509_STORE_CTX *ctx)
{
	SSL *s = X509_STORE_CTX_get_ex_data(
	    ctx, SSL_get_ex_data_X509_STORE_CTX_idx());
	const struct tls *t = SSL_CTX_get_app_data(SSL_get_SSL_CTX(s));
	uint64_t agent;

	if (!good || X509_STORE_CTX_get_error_depth(ctx) != 0)
		return good;
	if (names_role(X509_STORE_CTX_get_current_cert(ctx), &agent) == t->want)
		return 1;
	X509_STORE_CTX_set_error(ctx, X509_V_ERR_INVALID_PURPOSE);
	return 0;
}

static bool
pin_fits(const struct tls *t, X509 *ca)
{
	uint8_t hash[TLS_PIN_LEN];
	EVP_PKEY *k = X509_get0_pubkey(ca);

	if (!t->has_pin)
		return true;
	return k != NULL && key_hash_native(k, hash) == ST_OK &&
	       secret_equal(hash, t->pin, sizeof(hash));
}

/* The CA among what the server showed: signed by itself, and of our pin. */
static X509 *
shown_ca(const struct tls *t, STACK_OF(X509) * chain)
{
	uint64_t agent;
	int n = sk_X509_num(chain);

	for (int i = 0; i < n && i < CHAIN_MAX; i++) {
		X509 *x = sk_X509_value(chain, i);

		if (names_role(x, &agent) == CERT_CA &&
		    X509_self_signed(x, 1) == 1 && pin_fits(t, x))
			return x;
	}
	return NULL;
}

static int
verify_under(X509 *ca, X509 *leaf, X509_STORE_CTX *outer)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	uint64_t agent;
	int good = 0;

	if (store != NULL && ctx != NULL &&
	    X509_STORE_add_cert(store, ca) == 1 &&
	    X509_STORE_CTX_init(ctx, store, leaf, NULL) == 1 &&
	    X509_STORE_CTX_set_purpose(ctx, X509_PURPOSE_SSL_SERVER) == 1) {
		X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_X509_STRICT);
		good = X509_verify_cert(ctx) == 1;
		X509_STORE_CTX_set_error(outer, X509_STORE_CTX_get_error(ctx));
	}
	if (good && names_role(leaf, &agent) != CERT_GATE) {
		X509_STORE_CTX_set_error(outer, X509_V_ERR_INVALID_PURPOSE);
		good = 0;
	}
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	return good;
}

/* Instead of the library's own check, while no CA is known yet. */
static int
verify_pinned(X509_STORE_CTX *outer, void *arg)
{
	const struct tls *t = arg;
	X509 *leaf = X509_STORE_CTX_get0_cert(outer);
	X509 *ca = shown_ca(t, X509_STORE_CTX_get0_untrusted(outer));

	if (leaf == NULL || ca == NULL) {
		X509_STORE_CTX_set_error(outer,
					 X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN);
		return 0;
	}
	return verify_under(ca, leaf, outer);
}

/* ---- ALPN ---- */

static int
alpn_select(SSL *s, const unsigned char **out, unsigned char *out_len,
	    const unsigned char *in, unsigned in_len, void *arg)
{
	unsigned char *found;

	(void)s;
	(void)arg;
	if (SSL_select_next_proto(&found, out_len, alpn, ALPN_LEN, in,
				  in_len) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = found;
	return SSL_TLSEXT_ERR_OK;
}

/* Without the extension alpn_select() is not asked at all. */
static int
hello_has_alpn(SSL *s, int *alert, void *arg)
{
	const unsigned char *ext;
	size_t len;

	(void)arg;
	if (SSL_client_hello_get0_ext(
		s, TLSEXT_TYPE_application_layer_protocol_negotiation, &ext,
		&len) == 1)
		return SSL_CLIENT_HELLO_SUCCESS;
	*alert = SSL_AD_NO_APPLICATION_PROTOCOL;
	return SSL_CLIENT_HELLO_ERROR;
}

/* ---- contexts ---- */

static int
set_common(SSL_CTX *c)
{
	SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS);
	/* Frames say their length: an end without good-bye is just an end. */
	SSL_CTX_set_options(c, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
				   SSL_OP_NO_COMPRESSION |
				   SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
	return SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION) == 1 &&
	       SSL_CTX_set_max_proto_version(c, TLS1_3_VERSION) == 1 &&
	       SSL_CTX_set_ciphersuites(c, SUITES) == 1 &&
	       SSL_CTX_set1_groups_list(c, GROUPS) == 1 &&
	       SSL_CTX_set1_sigalgs_list(c, "ECDSA+SHA256") == 1;
}

static enum status
make(const SSL_METHOD *method, enum cert_role want, struct tls **out)
{
	struct tls *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return ST_NOMEM;
	t->want = want;
	t->ctx = SSL_CTX_new(method);
	if (t->ctx == NULL || !set_common(t->ctx)) {
		tls_free(t);
		return ST_NOMEM;
	}
	SSL_CTX_set_app_data(t->ctx, t);
	*out = t;
	return ST_OK;
}

static X509 *
cert_of(struct span der)
{
	const unsigned char *at = der.ptr;

	if (der.len == 0 || der.len > X509_DER_MAX)
		return NULL;
	return d2i_X509(NULL, &at, (long)der.len);
}

static enum status
set_own(SSL_CTX *c, const struct tls_identity *id)
{
	struct key *k = NULL;
	X509 *x = cert_of(id->cert_der);
	enum status st = key_load(id->key_pem, &k);

	if (st == ST_OK && x == NULL)
		st = ST_MALFORMED;
	if (st == ST_OK && (SSL_CTX_use_certificate(c, x) != 1 ||
			    SSL_CTX_use_PrivateKey(c, key_native(k)) != 1 ||
			    SSL_CTX_check_private_key(c) != 1))
		st = ST_DENIED; /* the key is not that of the certificate */
	X509_free(x);
	key_free(k);
	return st;
}

/* Trust one CA and nothing else; ask_for it by name when we are the server. */
static enum status
set_ca(SSL_CTX *c, struct span der, bool server)
{
	X509 *ca = cert_of(der);
	X509_VERIFY_PARAM *p = SSL_CTX_get0_param(c);
	bool good;

	if (ca == NULL)
		return ST_MALFORMED;
	good = X509_STORE_add_cert(SSL_CTX_get_cert_store(c), ca) == 1 &&
	       X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_X509_STRICT) == 1 &&
	       X509_VERIFY_PARAM_set_purpose(
		   p, server ? X509_PURPOSE_SSL_CLIENT
			     : X509_PURPOSE_SSL_SERVER) == 1;
	X509_VERIFY_PARAM_set_depth(p, 1);
	if (good && server)
		/* The chain shows the CA too, for agents that pin its key. */
		good = SSL_CTX_add_client_CA(c, ca) == 1 &&
		       SSL_CTX_add1_chain_cert(c, ca) == 1;
	X509_free(ca);
	return good ? ST_OK : ST_NOMEM;
}

enum status
tls_gate(const struct tls_identity *id, struct tls **out)
{
	static const unsigned char context[] = "trawl gate";
	struct tls *t = NULL;
	enum status st = make(TLS_server_method(), CERT_AGENT, &t);

	if (st == ST_OK)
		st = set_own(t->ctx, id);
	if (st == ST_OK)
		st = set_ca(t->ctx, id->ca_der, true);
	if (st == ST_OK)
		st = pass_maker_open(id->key_pem, &t->passes);
	if (st == ST_OK && (SSL_CTX_set_num_tickets(t->ctx, 0) != 1 ||
			    SSL_CTX_set_session_id_context(
				t->ctx, context, sizeof(context) - 1) != 1))
		st = ST_NOMEM;
	if (st != ST_OK) {
		tls_free(t);
		return st;
	}
	SSL_CTX_set_verify(t->ctx, SSL_VERIFY_PEER, check_role);
	SSL_CTX_set_alpn_select_cb(t->ctx, alpn_select, NULL);
	SSL_CTX_set_client_hello_cb(t->ctx, hello_has_alpn, NULL);
	SSL_CTX_set_max_cert_list(t->ctx, CHAIN_MAX * X509_DER_MAX);
	tls_pass_gate(t);
	*out = t;
	return ST_OK;
}

/* SSL_CTX_set_alpn_protos() gives 0 when it worked. */
static enum status
make_client(struct tls **out)
{
	struct tls *t = NULL;
	enum status st = make(TLS_client_method(), CERT_GATE, &t);

	if (st != ST_OK)
		return st;
	if (SSL_CTX_set_alpn_protos(t->ctx, alpn, ALPN_LEN) != 0) {
		tls_free(t);
		return ST_NOMEM;
	}
	SSL_CTX_set_verify(t->ctx, SSL_VERIFY_PEER, check_role);
	*out = t;
	return ST_OK;
}

enum status
tls_agent(const struct tls_identity *id, struct tls **out)
{
	struct tls *t = NULL;
	enum status st = make_client(&t);

	if (st == ST_OK)
		st = set_own(t->ctx, id);
	if (st == ST_OK)
		st = set_ca(t->ctx, id->ca_der, false);
	if (st != ST_OK) {
		tls_free(t);
		return st;
	}
	tls_pass_agent(t);
	*out = t;
	return ST_OK;
}

enum status
tls_enroll(const uint8_t *pin, struct tls **out)
{
	struct tls *t = NULL;
	enum status st = make_client(&t);

	if (st != ST_OK)
		return st;
	if (pin != NULL) {
		memcpy(t->pin, pin, sizeof(t->pin));
		t->has_pin = true;
	}
	SSL_CTX_set_cert_verify_callback(t->ctx, verify_pinned, t);
	*out = t;
	return ST_OK;
}

void
tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	SSL_CTX_free(t->ctx);
	pass_maker_close(t->passes);
	secret_wipe(&t->pass, sizeof(t->pass));
	free(t);
}

/* ---- sessions ---- */

SSL *
tls_session(struct tls *t, bool server)
{
	SSL *s = SSL_new(t->ctx);

	if (s == NULL)
		return NULL;
	if (server)
		SSL_set_accept_state(s);
	else
		SSL_set_connect_state(s);
	return s;
}

static bool
agreed(const SSL *s)
{
	const unsigned char *name;
	unsigned len;

	SSL_get0_alpn_selected(s, &name, &len);
	return SSL_version(s) == TLS1_3_VERSION && len == strlen(TLS_ALPN) &&
	       memcmp(name, TLS_ALPN, len) == 0 &&
	       SSL_get_verify_result(s) == X509_V_OK;
}

/* With a pass there is no certificate whose check could have failed. */
static bool
with_pass(SSL *s)
{
	if (SSL_is_init_finished(s) != 1 || SSL_session_reused(s) != 1)
		return false;
	SSL_set_verify_result(s, X509_V_OK);
	return true;
}

static enum status
facts_of(X509 *x, struct cert_facts *f)
{
	unsigned char *der = NULL;
	int len = i2d_X509(x, &der);
	enum status st;

	if (len <= 0)
		return ST_NOMEM;
	st = cert_facts(span_of(der, (size_t)len), f);
	OPENSSL_free(der);
	return st;
}

enum status
tls_peer(SSL *s, struct tls_peer *out)
{
	const struct tls *t = SSL_CTX_get_app_data(SSL_get_SSL_CTX(s));
	X509 *x = SSL_get0_peer_certificate(s);
	bool again = with_pass(s);
	struct cert_facts f;

	memset(out, 0, sizeof(*out));
	if (!agreed(s))
		return ST_DENIED;
	if (again)
		return tls_pass_peer(s, out);
	if (x == NULL) /* only a gate lives without one */
		return t->want == CERT_AGENT ? ST_OK : ST_DENIED;
	if (facts_of(x, &f) != ST_OK || f.role != t->want)
		return ST_DENIED;
	out->role = (uint8_t)f.role;
	out->agent = f.agent;
	out->not_after = f.not_after;
	memcpy(out->serial, f.serial, sizeof(out->serial));
	memcpy(out->key, f.key, sizeof(out->key));
	memcpy(out->cert, f.hash, sizeof(out->cert));
	return ST_OK;
}

enum status
tls_met_ca(SSL *s, struct buf *der)
{
	const struct tls *t = SSL_CTX_get_app_data(SSL_get_SSL_CTX(s));
	X509 *ca = shown_ca(t, SSL_get_peer_cert_chain(s));
	unsigned char *bytes = NULL;
	enum status st;
	int len;

	if (ca == NULL)
		return ST_NOTFOUND;
	len = i2d_X509(ca, &bytes);
	if (len <= 0)
		return ST_NOMEM;
	st = buf_add(der, bytes, (size_t)len);
	OPENSSL_free(bytes);
	return st;
}

enum status
tls_exporter(SSL *s, uint8_t out[TLS_EXPORTER_LEN])
{
	static const char label[] = "EXPORTER-trawl-enroll";

	return SSL_export_keying_material(s, out, TLS_EXPORTER_LEN, label,
					  sizeof(label) - 1, NULL, 0, 0) == 1
		   ? ST_OK
		   : ST_DENIED;
}

/* ---- words ---- */

/* What the other side's alerts and our own refusals mean to a person. */
static const struct {
	int reason; /* SSL_R_ */
	const char *text;
} words[] = {
    {SSL_R_WRONG_VERSION_NUMBER,
     "the other side does not speak TLS: is it the agent port?"},
    {SSL_R_UNSUPPORTED_PROTOCOL, "the other side does not offer TLS 1.3"},
    {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION,
     "the other side does not offer TLS 1.3"},
    {SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL,
     "the other side is not a Trawl master, or of another version"},
    {SSL_R_TLSV1_ALERT_UNKNOWN_CA,
     "the master refused our certificate: it is of another CA"},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
     "the master refused our certificate: it is out of date"},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED,
     "the master refused our certificate: it is revoked"},
    {SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, "the master refused our certificate"},
    {SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE,
     "the master refused our certificate: it is not that of an agent"},
};

void
tls_trouble(const SSL *s, unsigned long error, char *text, size_t room)
{
	long why = s == NULL ? X509_V_OK : SSL_get_verify_result(s);
	const char *reason = ERR_reason_error_string(error);

	if (why == X509_V_ERR_CERT_NOT_YET_VALID ||
	    why == X509_V_ERR_CERT_HAS_EXPIRED) {
		snprintf(text, room,
			 "the certificate shown: %s; are the "
			 "clocks of both hosts right?",
			 X509_verify_cert_error_string(why));
		return;
	}
	if (why != X509_V_OK) {
		snprintf(text, room,
			 "the certificate shown is not one of this "
			 "installation's: %s (a proxy that opens TLS?)",
			 X509_verify_cert_error_string(why));
		return;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (error != 0 && ERR_GET_REASON(error) == words[i].reason)
			reason = words[i].text;
	snprintf(text, room, "%s",
		 reason != NULL ? reason : "the connection was cut");
}
