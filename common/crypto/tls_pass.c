#include "crypto/tls_impl.h"

#include <string.h>
#include <time.h>

#include "crypto/secret.h"

/* The suite that a pass is for: its hash must be that of the handshake. */
static const unsigned char suite[] = {0x13, 0x01}; /* AES_128_GCM_SHA256 */

/* A session of OpenSSL's that begins with the key. */
static SSL_SESSION *
session_of(SSL *s, const uint8_t key[PASS_KEY_LEN])
{
	SSL_SESSION *made = SSL_SESSION_new();
	const SSL_CIPHER *c = SSL_CIPHER_find(s, suite);

	if (made != NULL && c != NULL &&
	    SSL_SESSION_set1_master_key(made, key, PASS_KEY_LEN) == 1 &&
	    SSL_SESSION_set_cipher(made, c) == 1 &&
	    SSL_SESSION_set_protocol_version(made, TLS1_3_VERSION) == 1)
		return made;
	SSL_SESSION_free(made);
	return NULL;
}

static const struct tls *
tls_of(const SSL *s)
{
	return SSL_CTX_get_app_data(SSL_get_SSL_CTX(s));
}

/*
 * 1 with no session: go on with certificates. Who came is kept with the
 * session, where tls_peer() finds it.
 */
static int
find_pass(SSL *s, const unsigned char *id, size_t len, SSL_SESSION **out)
{
	struct tls_peer peer;
	uint8_t key[PASS_KEY_LEN];

	*out = NULL;
	if (pass_open(tls_of(s)->passes, span_of(id, len), time(NULL), &peer,
		      key) != ST_OK)
		return 1;
	*out = session_of(s, key);
	secret_wipe(key, sizeof(key));
	if (*out != NULL &&
	    SSL_SESSION_set1_ticket_appdata(*out, &peer, sizeof(peer)) != 1) {
		SSL_SESSION_free(*out);
		*out = NULL;
	}
	return 1;
}

static int
show_pass(SSL *s, const EVP_MD *md, const unsigned char **id, size_t *len,
	  SSL_SESSION **out)
{
	const struct tls *t = tls_of(s);

	*id = t->pass.id;
	*len = sizeof(t->pass.id);
	*out = NULL;
	if (t->has_pass && (md == NULL || EVP_MD_is_a(md, "SHA2-256")))
		*out = session_of(s, t->pass.key);
	return 1;
}

void
tls_pass_gate(struct tls *t)
{
	SSL_CTX_set_psk_find_session_callback(t->ctx, find_pass);
}

void
tls_pass_agent(struct tls *t)
{
	SSL_CTX_set_psk_use_session_callback(t->ctx, show_pass);
}

void
tls_set_pass(struct tls *t, const struct pass *p)
{
	secret_wipe(&t->pass, sizeof(t->pass));
	t->has_pass = p != NULL;
	if (p != NULL)
		t->pass = *p;
}

enum status
tls_pass(SSL *s, int64_t now, struct pass *out)
{
	const struct tls *t = tls_of(s);
	struct tls_peer peer;

	if (t->passes == NULL || tls_peer(s, &peer) != ST_OK ||
	    peer.role != CERT_AGENT || peer.again)
		return ST_NOTFOUND;
	pass_make(t->passes, &peer, now, out);
	return ST_OK;
}

enum status
tls_pass_peer(const SSL *s, struct tls_peer *out)
{
	SSL_SESSION *session = SSL_get_session(s);
	void *kept = NULL;
	size_t len = 0;

	if (tls_of(s)->want == CERT_GATE) { /* only a gate has its key */
		*out = (struct tls_peer){.role = CERT_GATE, .again = true};
		return ST_OK;
	}
	if (session == NULL ||
	    SSL_SESSION_get0_ticket_appdata(session, &kept, &len) != 1 ||
	    len != sizeof(*out))
		return ST_DENIED;
	memcpy(out, kept, sizeof(*out));
	return ST_OK;
}
