#include "crypto/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "crypto/key.h"

/* Not touched when the certificate is not an agent's. */
#define NOBODY 77

static void
extend(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	assert_non_null(e);
	assert_int_equal(X509_add_ext(x, e, -1), 1);
	X509_EXTENSION_free(e);
}

/* A certificate with these names; who signed it is not asked here. */
static X509 *
certificate(const char *names, const char *constraints)
{
	X509 *x = X509_new();
	struct key *k;

	assert_non_null(x);
	assert_int_equal(key_make(&k), ST_OK);
	assert_int_equal(X509_set_version(x, X509_VERSION_3), 1);
	assert_int_equal(X509_set_pubkey(x, key_native(k)), 1);
	if (names != NULL)
		extend(x, NID_subject_alt_name, names);
	if (constraints != NULL)
		extend(x, NID_basic_constraints, constraints);
	assert_true(X509_sign(x, key_native(k), EVP_sha256()) > 0);
	key_free(k);
	return x;
}

static void
a_certificate_is_whom_its_one_name_says(void **state)
{
	static const struct {
		const char *names;
		enum cert_role role;
		uint64_t agent;
	} cases[] = {
	    {"URI:trawl://gate", CERT_GATE, NOBODY},
	    {"URI:trawl://agent/1", CERT_AGENT, 1},
	    {"URI:trawl://agent/9223372036854775807", CERT_AGENT, INT64_MAX},
	    {"DNS:a.example,URI:https://a.example/,URI:trawl://agent/7",
	     CERT_AGENT, 7},
	    /* numbers that are not plain */
	    {"URI:trawl://agent/9223372036854775808", CERT_WEB, NOBODY},
	    {"URI:trawl://agent/0", CERT_WEB, NOBODY},
	    {"URI:trawl://agent/01", CERT_WEB, NOBODY},
	    {"URI:trawl://agent/+1", CERT_WEB, NOBODY},
	    {"URI:trawl://agent/-1", CERT_WEB, NOBODY},
	    {"URI:trawl://agent/1/2", CERT_WEB, NOBODY},
	    {"URI:trawl://agent/0x1", CERT_WEB, NOBODY},
	    {"URI:trawl://agent/", CERT_WEB, NOBODY},
	    {"URI:trawl://agent", CERT_WEB, NOBODY},
	    /* nearly the gate */
	    {"URI:trawl://gate/", CERT_WEB, NOBODY},
	    {"URI:trawl://gates", CERT_WEB, NOBODY},
	    {"URI:TRAWL://gate", CERT_WEB, NOBODY},
	    {"URI:trawl://", CERT_WEB, NOBODY},
	    /* our words, but not as a URI */
	    {"DNS:trawl://gate", CERT_WEB, NOBODY},
	    {"email:trawl://agent/1", CERT_WEB, NOBODY},
	    /* two of ours, were it twice the same */
	    {"URI:trawl://gate,URI:trawl://agent/1", CERT_WEB, NOBODY},
	    {"URI:trawl://agent/1,URI:trawl://agent/1", CERT_WEB, NOBODY},
	    {"URI:trawl://agent/1,URI:trawl://other", CERT_WEB, NOBODY},
	    {"DNS:a.example", CERT_WEB, NOBODY},
	    {NULL, CERT_WEB, NOBODY},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		X509 *x = certificate(cases[i].names, "CA:FALSE");
		uint64_t agent = NOBODY;

		if (names_role(x, &agent) != cases[i].role ||
		    agent != cases[i].agent)
			fail_msg("%s", cases[i].names);
		X509_free(x);
	}
}

static void
a_name_with_a_nul_in_it_is_not_what_stands_before(void **state)
{
	static const unsigned char uri[] = "trawl://gate\0.example";
	X509 *x = certificate(NULL, "CA:FALSE");
	GENERAL_NAMES *all = GENERAL_NAMES_new();
	GENERAL_NAME *one = GENERAL_NAME_new();
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();
	uint64_t agent = NOBODY;

	(void)state;
	assert_true(all != NULL && one != NULL && text != NULL);
	assert_int_equal(ASN1_STRING_set(text, uri, sizeof(uri) - 1), 1);
	GENERAL_NAME_set0_value(one, GEN_URI, text);
	assert_int_equal(sk_GENERAL_NAME_push(all, one), 1);
	assert_int_equal(X509_add1_ext_i2d(x, NID_subject_alt_name, all, 0, 0),
			 1);
	assert_int_equal(names_role(x, &agent), CERT_WEB);
	GENERAL_NAMES_free(all);
	X509_free(x);
}

static void
a_ca_is_a_ca_whatever_it_is_called(void **state)
{
	static const char *const names[] = {NULL, "URI:trawl://gate",
					    "URI:trawl://agent/1"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		X509 *x = certificate(names[i], "critical,CA:TRUE");
		uint64_t agent = NOBODY;

		assert_int_equal(names_role(x, &agent), CERT_CA);
		assert_int_equal(agent, NOBODY);
		X509_free(x);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_certificate_is_whom_its_one_name_says),
	    cmocka_unit_test(a_name_with_a_nul_in_it_is_not_what_stands_before),
	    cmocka_unit_test(a_ca_is_a_ca_whatever_it_is_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
