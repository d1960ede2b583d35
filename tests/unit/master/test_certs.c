#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "crypto/x509.h"
#include "master/certs.h"
#include "master/cmd.h"
#include "sys/file.h"

#define DAY_S INT64_C(86400)

/* A data folder as init makes it, as far as certificates go. */
struct place {
	struct settings s;
	struct buf why;
	struct key *ca, *gate, *web;
	struct buf ca_der;
	int64_t now;
};

static void
put_key(struct place *p, const char *name, const struct key *k)
{
	char path[SETTINGS_PATH];
	struct buf pem;

	settings_path(&p->s, name, path);
	buf_init(&pem, 65536);
	assert_int_equal(key_pem(k, &pem), ST_OK);
	assert_int_equal(file_replace(path, buf_span(&pem), 0600), ST_OK);
	buf_fini(&pem);
}

static void
make_certificates(struct place *p)
{
	char print[2 * HASH_LEN + 1];
	struct certs_ca by;

	assert_int_equal(key_make(&p->ca), ST_OK);
	assert_int_equal(key_make(&p->gate), ST_OK);
	assert_int_equal(key_make(&p->web), ST_OK);
	put_key(p, FILE_CA_KEY, p->ca);
	put_key(p, FILE_GATE_KEY, p->gate);
	put_key(p, FILE_WEB_KEY, p->web);
	assert_int_equal(cert_make_ca(p->ca, "Trawl CA", &p->ca_der), ST_OK);
	assert_int_equal(
	    certs_write(&p->s, FILE_CA_CERT, buf_span(&p->ca_der), &p->why),
	    ST_OK);
	by = (struct certs_ca){.key = p->ca, .der = buf_span(&p->ca_der)};
	assert_int_equal(certs_gate(&p->s, &by, p->gate, p->now, &p->why),
			 ST_OK);
	assert_int_equal(certs_web(&p->s, p->web, print, &p->why), ST_OK);
	assert_int_equal(strlen(print), 2 * HASH_LEN);
}

static int
open_place(void **state)
{
	static const char *const folders[] = {"ca", "web"};
	struct place *p = calloc(1, sizeof(*p));
	char path[SETTINGS_PATH];

	if (p == NULL)
		return -1;
	snprintf(p->s.data, sizeof(p->s.data), "/tmp/trawl-certs.XXXXXX");
	snprintf(p->s.web, sizeof(p->s.web), "127.0.0.1:8443");
	if (mkdtemp(p->s.data) == NULL)
		return -1;
	for (size_t i = 0; i < 2; i++) {
		settings_path(&p->s, folders[i], path);
		if (mkdir(path, 0700) != 0)
			return -1;
	}
	p->now = (int64_t)time(NULL);
	buf_init(&p->why, 4096);
	buf_init(&p->ca_der, X509_DER_MAX);
	make_certificates(p);
	*state = p;
	return 0;
}

static int
close_place(void **state)
{
	struct place *p = *state;

	key_free(p->ca);
	key_free(p->gate);
	key_free(p->web);
	buf_fini(&p->ca_der);
	buf_fini(&p->why);
	(void)!file_remove_tree(p->s.data);
	free(p);
	return 0;
}

static struct cert_facts
facts_of(struct place *p, const char *name)
{
	struct cert_facts facts;
	struct buf pem, der;

	buf_init(&pem, 65536);
	buf_init(&der, X509_DER_MAX);
	assert_int_equal(cmd_read_file(&p->s, name, &pem, &p->why), ST_OK);
	assert_int_equal(cert_from_pem(buf_span(&pem), &der), ST_OK);
	assert_int_equal(cert_facts(buf_span(&der), &facts), ST_OK);
	if (strcmp(name, FILE_GATE_CERT) == 0)
		assert_int_equal(cert_check(buf_span(&der),
					    buf_span(&p->ca_der),
					    facts.not_before + DAY_S),
				 ST_OK);
	buf_fini(&pem);
	buf_fini(&der);
	return facts;
}

/* Whether a start so many days from now makes a certificate anew. */
static bool
renews(struct place *p, const char *name, int64_t days)
{
	struct cert_facts before = facts_of(p, name), after;

	assert_int_equal(certs_renew(&p->s, p->now + days * DAY_S, &p->why),
			 ST_OK);
	after = facts_of(p, name);
	assert_memory_equal(before.key, after.key, sizeof(before.key));
	return memcmp(before.hash, after.hash, sizeof(before.hash)) != 0;
}

static void
the_gate_is_renewed_in_the_last_third_of_its_life(void **state)
{
	struct place *p = *state;
	int64_t end = facts_of(p, FILE_GATE_CERT).not_after;

	assert_false(renews(p, FILE_GATE_CERT, 0));
	assert_false(renews(p, FILE_GATE_CERT, 2 * CERTS_GATE_DAYS / 3 - 1));
	assert_true(renews(p, FILE_GATE_CERT, 2 * CERTS_GATE_DAYS / 3 + 2));
	assert_true(facts_of(p, FILE_GATE_CERT).not_after > end);
	/* That one is good for as long as the first was. */
	assert_false(renews(p, FILE_GATE_CERT, 2 * CERTS_GATE_DAYS / 3 + 3));
}

static void
no_certificate_is_good_for_longer_than_its_ca(void **state)
{
	struct place *p = *state;
	struct cert_facts ca;

	assert_int_equal(cert_facts(buf_span(&p->ca_der), &ca), ST_OK);
	assert_true(
	    renews(p, FILE_GATE_CERT, (ca.not_after - p->now) / DAY_S - 30));
	assert_true(facts_of(p, FILE_GATE_CERT).not_after == ca.not_after);
}

static void
the_console_is_renewed_in_the_last_third_of_its_life(void **state)
{
	struct place *p = *state;

	assert_false(renews(p, FILE_WEB_CERT, 0));
	assert_false(renews(p, FILE_WEB_CERT, 2 * CERTS_WEB_DAYS / 3 - 2));
	assert_true(renews(p, FILE_WEB_CERT, 2 * CERTS_WEB_DAYS / 3 + 2));
}

static void
a_console_certificate_that_was_given_is_never_touched(void **state)
{
	struct place *p = *state;
	const char *names[] = {"trawl.example"};
	struct certs_ca by = {.key = p->ca, .der = buf_span(&p->ca_der)};
	struct buf der, csr;
	struct cert_order order = {.role = CERT_GATE,
				   .not_before = p->now - DAY_S,
				   .not_after =
				       p->now + CERTS_WEB_DAYS * DAY_S};

	/* Signed by itself, but not for as long as ours. */
	buf_init(&der, X509_DER_MAX);
	buf_init(&csr, X509_DER_MAX);
	assert_int_equal(cert_make_web(p->web, names, 1, 90, &der), ST_OK);
	assert_int_equal(
	    certs_write(&p->s, FILE_WEB_CERT, buf_span(&der), &p->why), ST_OK);
	assert_false(renews(p, FILE_WEB_CERT, 89));
	assert_false(renews(p, FILE_WEB_CERT, 1000));
	/* For as long, but signed by somebody else. */
	buf_clear(&der);
	assert_int_equal(csr_make(p->web, "console", &csr), ST_OK);
	assert_int_equal(
	    cert_sign(by.key, by.der, buf_span(&csr), &order, &der), ST_OK);
	assert_int_equal(
	    certs_write(&p->s, FILE_WEB_CERT, buf_span(&der), &p->why), ST_OK);
	assert_false(renews(p, FILE_WEB_CERT, CERTS_WEB_DAYS - 1));
	buf_fini(&der);
	buf_fini(&csr);
}

static void
a_renewal_that_cannot_be_is_a_sentence(void **state)
{
	struct place *p = *state;
	char path[SETTINGS_PATH];

	settings_path(&p->s, FILE_CA_KEY, path);
	assert_int_equal(remove(path), 0);
	assert_int_equal(certs_renew(&p->s, p->now, &p->why), ST_OK);
	assert_int_equal(
	    certs_renew(&p->s, p->now + CERTS_GATE_DAYS * DAY_S, &p->why),
	    ST_NOTFOUND);
	assert_non_null(
	    memmem(p->why.data, p->why.len, FILE_CA_KEY, strlen(FILE_CA_KEY)));
}

#define T(f) cmocka_unit_test_setup_teardown(f, open_place, close_place)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(the_gate_is_renewed_in_the_last_third_of_its_life),
	    T(no_certificate_is_good_for_longer_than_its_ca),
	    T(the_console_is_renewed_in_the_last_third_of_its_life),
	    T(a_console_certificate_that_was_given_is_never_touched),
	    T(a_renewal_that_cannot_be_is_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
