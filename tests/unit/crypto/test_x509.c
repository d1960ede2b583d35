#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "crypto/x509.h"

#define DAY 86400

struct made {
	struct key *ca_key, *key;
	struct buf ca, csr, cert;
	int64_t now;
};

static int
make_all(void **state)
{
	static struct made m;

	m.now = (int64_t)time(NULL);
	buf_init(&m.ca, X509_DER_MAX);
	buf_init(&m.csr, X509_DER_MAX);
	buf_init(&m.cert, X509_DER_MAX);
	assert_int_equal(key_make(&m.ca_key), ST_OK);
	assert_int_equal(key_make(&m.key), ST_OK);
	assert_int_equal(cert_make_ca(m.ca_key, "Test CA", &m.ca), ST_OK);
	assert_int_equal(csr_make(m.key, "host.example", &m.csr), ST_OK);
	*state = &m;
	return 0;
}

static int
free_all(void **state)
{
	struct made *m = *state;

	key_free(m->ca_key);
	key_free(m->key);
	buf_fini(&m->ca);
	buf_fini(&m->csr);
	buf_fini(&m->cert);
	return 0;
}

static struct cert_order
order(const struct made *m)
{
	return (struct cert_order){.role = CERT_AGENT,
				   .agent = 42,
				   .not_before = m->now - DAY,
				   .not_after = m->now + 30 * DAY};
}

static void
signed_certificate_says_who_and_how_long(void **state)
{
	struct made *m = *state;
	struct cert_order o = order(m);
	struct cert_facts f;
	uint8_t hash[X509_HASH_LEN];

	buf_clear(&m->cert);
	assert_int_equal(cert_sign(m->ca_key, buf_span(&m->ca),
				   buf_span(&m->csr), &o, &m->cert),
			 ST_OK);
	assert_int_equal(cert_facts(buf_span(&m->cert), &f), ST_OK);
	assert_int_equal(f.role, CERT_AGENT);
	assert_int_equal(f.agent, 42);
	assert_int_equal(f.not_before, o.not_before);
	assert_int_equal(f.not_after, o.not_after);
	assert_int_equal(key_hash(m->key, hash), ST_OK);
	assert_memory_equal(f.key, hash, sizeof(hash));
	assert_int_equal(cert_matches(buf_span(&m->cert), m->key), ST_OK);
	assert_int_equal(cert_matches(buf_span(&m->cert), m->ca_key),
			 ST_DENIED);
}

static void
certificate_is_good_under_its_ca_and_in_its_time_only(void **state)
{
	struct made *m = *state;
	struct cert_order o = order(m);
	struct key *other_key;
	struct buf other;

	buf_clear(&m->cert);
	assert_int_equal(cert_sign(m->ca_key, buf_span(&m->ca),
				   buf_span(&m->csr), &o, &m->cert),
			 ST_OK);
	assert_int_equal(
	    cert_check(buf_span(&m->cert), buf_span(&m->ca), m->now), ST_OK);
	assert_int_equal(
	    cert_check(buf_span(&m->cert), buf_span(&m->ca), m->now + 31 * DAY),
	    ST_DENIED);
	assert_int_equal(
	    cert_check(buf_span(&m->cert), buf_span(&m->ca), m->now - 2 * DAY),
	    ST_DENIED);
	assert_int_equal(key_make(&other_key), ST_OK);
	buf_init(&other, X509_DER_MAX);
	assert_int_equal(cert_make_ca(other_key, "Test CA", &other), ST_OK);
	assert_int_equal(
	    cert_check(buf_span(&m->cert), buf_span(&other), m->now),
	    ST_DENIED);
	/* A key that is not that of the CA signs nothing in its name. */
	assert_int_equal(cert_sign(other_key, buf_span(&m->ca),
				   buf_span(&m->csr), &o, &other),
			 ST_DENIED);
	key_free(other_key);
	buf_fini(&other);
}

static void
request_that_was_touched_is_refused(void **state)
{
	struct made *m = *state;
	uint8_t bytes[X509_DER_MAX], hash[X509_HASH_LEN], want[X509_HASH_LEN];
	size_t refused = 0;

	assert_int_equal(csr_check(buf_span(&m->csr), hash), ST_OK);
	assert_int_equal(key_hash(m->key, want), ST_OK);
	assert_memory_equal(hash, want, sizeof(want));
	for (size_t i = 0; i < m->csr.len; i++) {
		memcpy(bytes, m->csr.data, m->csr.len);
		bytes[i] ^= 1;
		if (csr_check(span_of(bytes, m->csr.len), hash) != ST_OK)
			refused++;
	}
	assert_int_equal(refused, m->csr.len);
	assert_int_equal(csr_check(span_of(m->csr.data, m->csr.len - 1), hash),
			 ST_MALFORMED);
	memcpy(bytes, m->csr.data, m->csr.len);
	bytes[m->csr.len] = 0;
	assert_int_equal(csr_check(span_of(bytes, m->csr.len + 1), hash),
			 ST_MALFORMED);
}

static void
nothing_but_agents_and_gates_is_signed(void **state)
{
	struct made *m = *state;
	struct cert_order o = order(m);

	buf_clear(&m->cert);
	o.role = CERT_CA;
	assert_int_equal(cert_sign(m->ca_key, buf_span(&m->ca),
				   buf_span(&m->csr), &o, &m->cert),
			 ST_USAGE);
	o = order(m);
	o.not_after = o.not_before;
	assert_int_equal(cert_sign(m->ca_key, buf_span(&m->ca),
				   buf_span(&m->csr), &o, &m->cert),
			 ST_USAGE);
}

static void
web_certificate_has_names_and_addresses(void **state)
{
	static const char *const names[] = {"scan.example", "192.0.2.7",
					    "2001:db8::1"};
	struct made *m = *state;
	struct cert_facts f;
	struct buf pem, der;

	buf_init(&pem, 16384);
	buf_init(&der, X509_DER_MAX);
	buf_clear(&m->cert);
	assert_int_equal(cert_make_web(m->key, names, 3, 365, &m->cert), ST_OK);
	assert_int_equal(cert_facts(buf_span(&m->cert), &f), ST_OK);
	assert_int_equal(f.role, CERT_WEB);
	assert_non_null(memmem(m->cert.data, m->cert.len, "scan.example", 12));
	assert_non_null(
	    memmem(m->cert.data, m->cert.len, "\x87\x04\xc0\x00\x02\x07", 6));
	assert_int_equal(cert_to_pem(buf_span(&m->cert), &pem), ST_OK);
	assert_int_equal(cert_from_pem(buf_span(&pem), &der), ST_OK);
	assert_true(span_eq(buf_span(&der), buf_span(&m->cert)));
	assert_int_equal(cert_make_web(m->key, names, 0, 365, &der), ST_USAGE);
	buf_fini(&pem);
	buf_fini(&der);
}

static void
what_is_no_certificate_is_malformed(void **state)
{
	struct made *m = *state;
	struct cert_facts f;
	uint8_t large[X509_DER_MAX + 1] = {0x30};

	assert_int_equal(cert_facts(span_of(NULL, 0), &f), ST_MALFORMED);
	assert_int_equal(cert_facts(span_str("abc"), &f), ST_MALFORMED);
	assert_int_equal(cert_facts(span_of(large, sizeof(large)), &f),
			 ST_LIMIT);
	assert_int_equal(cert_facts(span_of(m->ca.data, m->ca.len - 1), &f),
			 ST_MALFORMED);
	assert_int_equal(cert_facts(buf_span(&m->ca), &f), ST_OK);
	assert_int_equal(f.role, CERT_CA);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(signed_certificate_says_who_and_how_long),
	    cmocka_unit_test(
		certificate_is_good_under_its_ca_and_in_its_time_only),
	    cmocka_unit_test(request_that_was_touched_is_refused),
	    cmocka_unit_test(nothing_but_agents_and_gates_is_signed),
	    cmocka_unit_test(web_certificate_has_names_and_addresses),
	    cmocka_unit_test(what_is_no_certificate_is_malformed),
	};

	return cmocka_run_group_tests(tests, make_all, free_all);
}
