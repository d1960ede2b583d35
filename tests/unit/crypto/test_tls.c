#include "crypto/tls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "fake/installation.h"

/*
 * Two sessions in memory. What is refused on a real line (older TLS, other
 * ALPN, roles, pins) stands in tests/unit/wire/test_link.c.
 */
#define DAY 86400

struct world {
	struct installation i;
	struct identity agent;
	struct tls *gate, *client;
	SSL *s, *c;
};

static int
set_up(void **state)
{
	static struct world w;

	w = (struct world){0};
	installation_make(&w.i);
	identity_agent(&w.i, 42, &w.agent);
	w.gate = installation_gate(&w.i);
	*state = &w;
	return 0;
}

static void
hang_up(struct world *w)
{
	SSL_free(w->s);
	SSL_free(w->c);
	w->s = w->c = NULL;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	hang_up(w);
	tls_free(w->client);
	tls_free(w->gate);
	identity_free(&w->agent);
	installation_free(&w->i);
	return 0;
}

static bool
step(SSL *s, bool *done)
{
	int rc = *done ? 1 : SSL_do_handshake(s);
	int why = rc == 1 ? SSL_ERROR_NONE : SSL_get_error(s, rc);

	*done = rc == 1;
	return rc == 1 || why == SSL_ERROR_WANT_READ ||
	       why == SSL_ERROR_WANT_WRITE;
}

/* True when both sides say that it is done. */
static bool
shake(struct world *w, struct tls *client)
{
	BIO *at_client, *at_gate;
	bool client_done = false, gate_done = false;

	hang_up(w);
	ERR_clear_error();
	w->c = tls_session(client, false);
	w->s = tls_session(w->gate, true);
	assert_true(w->c != NULL && w->s != NULL);
	assert_int_equal(BIO_new_bio_pair(&at_client, 0, &at_gate, 0), 1);
	SSL_set_bio(w->c, at_client, at_client);
	SSL_set_bio(w->s, at_gate, at_gate);
	for (int turn = 0; turn < 20; turn++) {
		if (!step(w->c, &client_done) || !step(w->s, &gate_done))
			return false;
		if (client_done && gate_done)
			return true;
	}
	return false;
}

/* ---- contexts ---- */

static void
an_identity_that_does_not_fit_together_is_refused(void **state)
{
	struct world *w = *state;
	struct span key = buf_span(&w->agent.key);
	struct span cert = buf_span(&w->agent.cert), ca = buf_span(&w->i.ca);
	struct span none = span_of(NULL, 0);
	const struct {
		struct tls_identity id;
		enum status want;
	} cases[] = {
	    {{key, cert, ca}, ST_OK},
	    {{buf_span(&w->i.gate_key), cert, ca}, ST_DENIED},
	    {{none, cert, ca}, ST_MALFORMED},
	    {{key, none, ca}, ST_MALFORMED},
	    {{key, cert, none}, ST_MALFORMED},
	    {{cert, key, ca}, ST_MALFORMED},
	    {{key, span_of(cert.ptr, cert.len - 1), ca}, ST_MALFORMED},
	    {{key, cert, span_of(ca.ptr, ca.len / 2)}, ST_MALFORMED},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tls *t = NULL;

		assert_int_equal(tls_agent(&cases[i].id, &t), cases[i].want);
		assert_int_equal(t != NULL, cases[i].want == ST_OK);
		tls_free(t);
		t = NULL;
		assert_int_equal(tls_gate(&cases[i].id, &t), cases[i].want);
		assert_int_equal(t != NULL, cases[i].want == ST_OK);
		tls_free(t);
	}
}

/* ---- who is there ---- */

static void
each_side_is_told_who_the_other_is(void **state)
{
	struct world *w = *state;
	struct cert_facts agent;
	struct tls_peer p;

	w->client = installation_agent(&w->i, &w->agent);
	assert_true(shake(w, w->client));
	assert_int_equal(cert_facts(buf_span(&w->agent.cert), &agent), ST_OK);
	assert_int_equal(tls_peer(w->s, &p), ST_OK);
	assert_int_equal(p.role, CERT_AGENT);
	assert_int_equal(p.agent, 42);
	assert_int_equal(p.not_after, agent.not_after);
	assert_memory_equal(p.key, agent.key, sizeof(p.key));
	assert_memory_equal(p.cert, agent.hash, sizeof(p.cert));
	assert_memory_equal(p.serial, agent.serial, sizeof(p.serial));
	assert_int_equal(tls_peer(w->c, &p), ST_OK);
	assert_int_equal(p.role, CERT_GATE);
	assert_int_equal(p.agent, 0);
}

static void
nobody_is_there_before_the_handshake(void **state)
{
	struct world *w = *state;
	struct tls_peer p;
	struct buf ca;

	w->client = installation_agent(&w->i, &w->agent);
	w->c = tls_session(w->client, false);
	w->s = tls_session(w->gate, true);
	buf_init(&ca, X509_DER_MAX);
	assert_int_equal(tls_peer(w->s, &p), ST_DENIED);
	assert_int_equal(tls_peer(w->c, &p), ST_DENIED);
	assert_int_equal(tls_met_ca(w->c, &ca), ST_NOTFOUND);
	buf_fini(&ca);
}

static void
a_stranger_meets_the_ca_of_its_pin_and_is_nobody(void **state)
{
	struct world *w = *state;
	struct tls_peer p;
	struct buf ca;

	buf_init(&ca, X509_DER_MAX);
	assert_int_equal(tls_enroll(w->i.pin, &w->client), ST_OK);
	assert_true(shake(w, w->client));
	assert_int_equal(tls_met_ca(w->c, &ca), ST_OK);
	assert_true(span_eq(buf_span(&ca), buf_span(&w->i.ca)));
	assert_int_equal(tls_peer(w->s, &p), ST_OK);
	assert_int_equal(p.role, 0);
	assert_int_equal(tls_peer(w->c, &p), ST_OK);
	assert_int_equal(p.role, CERT_GATE);
	buf_fini(&ca);
}

/* ---- what a session is good for ---- */

static void
only_both_ends_of_one_session_know_its_secret(void **state)
{
	uint8_t at_gate[TLS_EXPORTER_LEN], at_agent[TLS_EXPORTER_LEN];
	uint8_t before[TLS_EXPORTER_LEN] = {0};
	struct world *w = *state;

	assert_int_equal(tls_enroll(w->i.pin, &w->client), ST_OK);
	for (int again = 0; again < 3; again++) {
		assert_true(shake(w, w->client));
		assert_int_equal(tls_exporter(w->s, at_gate), ST_OK);
		assert_int_equal(tls_exporter(w->c, at_agent), ST_OK);
		assert_memory_equal(at_gate, at_agent, sizeof(at_gate));
		assert_memory_not_equal(at_gate, before, sizeof(before));
		memcpy(before, at_gate, sizeof(before));
	}
}

static void
no_session_can_be_taken_up_again(void **state)
{
	struct world *w = *state;
	char byte;

	w->client = installation_agent(&w->i, &w->agent);
	for (int again = 0; again < 2; again++) {
		assert_true(shake(w, w->client));
		/* a ticket would come behind the handshake */
		assert_true(SSL_read(w->c, &byte, 1) <= 0);
		assert_false(SSL_SESSION_is_resumable(SSL_get_session(w->c)));
		assert_false(SSL_session_reused(w->c));
		assert_int_equal(SSL_version(w->c), TLS1_3_VERSION);
	}
}

/* ---- passes ---- */

/* A handshake with the certificate, and the pass for the next one. */
static struct pass
earn(struct world *w)
{
	struct pass p;

	w->client = installation_agent(&w->i, &w->agent);
	assert_true(shake(w, w->client));
	assert_false(SSL_session_reused(w->s));
	assert_int_equal(tls_pass(w->s, time(NULL), &p), ST_OK);
	return p;
}

static void
with_a_pass_no_certificate_is_shown_and_the_agent_is_the_same(void **state)
{
	struct world *w = *state;
	struct pass p = earn(w), none;
	struct tls_peer before, now;

	assert_int_equal(tls_peer(w->s, &before), ST_OK);
	tls_set_pass(w->client, &p);
	assert_true(shake(w, w->client));
	assert_int_equal(SSL_session_reused(w->s), 1);
	assert_int_equal(tls_peer(w->s, &now), ST_OK);
	assert_true(now.again);
	now.again = before.again;
	assert_memory_equal(&now, &before, sizeof(now));
	assert_int_equal(tls_peer(w->c, &now), ST_OK);
	assert_int_equal(now.role, CERT_GATE);
	/* the day is that of the certificate: none for who came with one */
	assert_int_equal(tls_pass(w->s, time(NULL), &none), ST_NOTFOUND);
	assert_int_equal(tls_pass(w->c, time(NULL), &none), ST_NOTFOUND);
	tls_set_pass(w->client, NULL);
	assert_true(shake(w, w->client));
	assert_int_equal(SSL_session_reused(w->s), 0);
}

static void
a_pass_that_is_not_known_costs_a_certificate_and_no_more(void **state)
{
	struct world *w = *state;
	struct pass p = earn(w), late;
	struct tls_peer peer;

	assert_int_equal(tls_pass(w->s, time(NULL) - PASS_SECONDS - 1, &late),
			 ST_OK);
	p.id[PASS_ID_LEN - 1] ^= 1;
	for (int i = 0; i < 2; i++) {
		tls_set_pass(w->client, i == 0 ? &p : &late);
		assert_true(shake(w, w->client));
		assert_int_equal(SSL_session_reused(w->s), 0);
		assert_int_equal(tls_peer(w->s, &peer), ST_OK);
		assert_int_equal(peer.agent, 42);
		assert_false(peer.again);
	}
}

static void
a_pass_without_its_key_opens_nothing(void **state)
{
	struct world *w = *state;
	struct pass p = earn(w);

	p.key[0] ^= 1;
	tls_set_pass(w->client, &p);
	assert_false(shake(w, w->client));
}

static void
who_has_no_certificate_gets_no_pass(void **state)
{
	struct world *w = *state;
	struct pass p;

	assert_int_equal(tls_enroll(w->i.pin, &w->client), ST_OK);
	assert_true(shake(w, w->client));
	assert_int_equal(tls_pass(w->s, time(NULL), &p), ST_NOTFOUND);
}

/* ---- words ---- */

static void
known_reasons_have_words_for_people(void **state)
{
	static const struct {
		int reason;
		const char *part;
	} cases[] = {
	    {SSL_R_WRONG_VERSION_NUMBER, "is it the agent port?"},
	    {SSL_R_UNSUPPORTED_PROTOCOL, "TLS 1.3"},
	    {SSL_R_TLSV1_ALERT_UNKNOWN_CA, "another CA"},
	    {SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, "out of date"},
	    {SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL, "not a Trawl master"},
	    {SSL_R_BAD_PACKET, "bad packet"}, /* the library's own */
	};
	char text[256], small[8];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tls_trouble(NULL, ERR_PACK(ERR_LIB_SSL, 0, cases[i].reason),
			    text, sizeof(text));
		if (strstr(text, cases[i].part) == NULL)
			fail_msg("%s", text);
	}
	tls_trouble(NULL, 0, text, sizeof(text));
	assert_string_equal(text, "the connection was cut");
	tls_trouble(NULL, 0, small, sizeof(small));
	assert_string_equal(small, "the con");
}

static void
a_certificate_that_is_refused_is_told_why(void **state)
{
	static const struct {
		int64_t from, to; /* seconds from now, of the agent's */
		const char *part;
	} cases[] = {
	    {-2 * DAY, -DAY, "clocks"},
	    {DAY, 2 * DAY, "clocks"},
	};
	struct world *w = *state;
	struct installation other;
	char text[256];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct identity_spec spec = {CERT_AGENT, 42, cases[i].from,
					     cases[i].to};
		struct identity id;
		struct tls *t;

		identity_make(&w->i, &spec, &id);
		t = installation_agent(&w->i, &id);
		assert_false(shake(w, t));
		tls_trouble(w->s, ERR_get_error(), text, sizeof(text));
		assert_non_null(strstr(text, cases[i].part));
		hang_up(w);
		tls_free(t);
		identity_free(&id);
	}
	installation_make(&other);
	w->client = installation_agent(&other, &w->agent);
	assert_false(shake(w, w->client));
	tls_trouble(w->c, ERR_get_error(), text, sizeof(text));
	assert_non_null(strstr(text, "not one of this installation's"));
	installation_free(&other);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(an_identity_that_does_not_fit_together_is_refused),
	    TEST(each_side_is_told_who_the_other_is),
	    TEST(nobody_is_there_before_the_handshake),
	    TEST(a_stranger_meets_the_ca_of_its_pin_and_is_nobody),
	    TEST(only_both_ends_of_one_session_know_its_secret),
	    TEST(no_session_can_be_taken_up_again),
	    TEST(with_a_pass_no_certificate_is_shown_and_the_agent_is_the_same),
	    TEST(a_pass_that_is_not_known_costs_a_certificate_and_no_more),
	    TEST(a_pass_without_its_key_opens_nothing),
	    TEST(who_has_no_certificate_gets_no_pass),
	    TEST(known_reasons_have_words_for_people),
	    TEST(a_certificate_that_is_refused_is_told_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
