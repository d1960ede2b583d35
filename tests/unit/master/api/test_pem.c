#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"
#include "crypto/x509.h"
#include "master/api/pem.h"

static void
the_fingerprint_is_that_of_the_first_certificate(void **state)
{
	static const char *const names[] = {"console.example"};
	char got[3 * HASH_LEN];
	uint8_t sum[HASH_LEN];
	struct key *k = NULL;
	struct buf der, pem;

	(void)state;
	buf_init(&der, X509_DER_MAX);
	buf_init(&pem, PEM_FILE_MAX);
	assert_int_equal(key_make(&k), ST_OK);
	assert_int_equal(cert_make_web(k, names, 1, 30, &der), ST_OK);
	/* What stands before it, and a second one behind it, do not count. */
	assert_int_equal(buf_add_str(&pem, "# of the console\n"), ST_OK);
	assert_int_equal(cert_to_pem(buf_span(&der), &pem), ST_OK);
	hash_sha256(buf_span(&der), sum);
	buf_clear(&der);
	assert_int_equal(cert_make_web(k, names, 1, 30, &der), ST_OK);
	assert_int_equal(cert_to_pem(buf_span(&der), &pem), ST_OK);
	assert_int_equal(pem_fingerprint(buf_span(&pem), got, sizeof(got)),
			 ST_OK);
	assert_int_equal(strlen(got), 3 * HASH_LEN - 1);
	for (size_t i = 0; i < HASH_LEN; i++) {
		assert_int_equal(strtoul(got + 3 * i, NULL, 16), sum[i]);
		assert_int_equal(got[3 * i + 2], i + 1 < HASH_LEN ? ':' : 0);
	}
	key_free(k);
	buf_fini(&der);
	buf_fini(&pem);
}

static void
what_is_no_certificate_has_no_fingerprint(void **state)
{
	static const char *const texts[] = {
	    "", "-----BEGIN CERTIFICATE-----", "-----BEGIN PRIVATE KEY-----",
	    "-----BEGIN CERTIFICATE-----\n***\n-----END CERTIFICATE-----\n"};
	char got[3 * HASH_LEN];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(
		    pem_fingerprint(span_str(texts[i]), got, sizeof(got)),
		    ST_MALFORMED);
}

static void
a_file_that_is_not_there_is_said(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, PEM_FILE_MAX);
	assert_int_equal(pem_read("/nonexistent/web.pem", &b), ST_NOTFOUND);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_fingerprint_is_that_of_the_first_certificate),
	    cmocka_unit_test(what_is_no_certificate_has_no_fingerprint),
	    cmocka_unit_test(a_file_that_is_not_there_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
