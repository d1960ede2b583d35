#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "crypto/rsa.h"

static const char words[] = "made up words";

/* A key for this test alone, as PEM. */
static EVP_PKEY *
make(struct buf *pem, bool locked)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	BIO *out = BIO_new(BIO_s_mem());
	char *text;
	long n;

	assert_non_null(key);
	assert_int_equal(PEM_write_bio_PrivateKey(
			     out, key, locked ? EVP_aes_256_cbc() : NULL,
			     (const unsigned char *)(locked ? words : NULL),
			     locked ? (int)strlen(words) : 0, NULL, NULL),
			 1);
	n = BIO_get_mem_data(out, &text);
	buf_init(pem, 8192);
	assert_int_equal(buf_add(pem, text, (size_t)n), ST_OK);
	BIO_free(out);
	return key;
}

static void
is_signed_by(EVP_PKEY *key, const struct rsa *r)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	struct buf sig;

	buf_init(&sig, 4096);
	assert_int_equal(rsa_sign(r, span_str("message"), &sig), ST_OK);
	assert_int_equal(
	    EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key), 1);
	assert_int_equal(EVP_DigestVerify(ctx, sig.data, sig.len,
					  (const unsigned char *)"message", 7),
			 1);
	EVP_MD_CTX_free(ctx);
	buf_fini(&sig);
}

static void
a_key_in_pem_signs_with_and_without_a_passphrase(void **state)
{
	(void)state;
	for (int locked = 0; locked < 2; locked++) {
		struct buf pem;
		EVP_PKEY *key = make(&pem, locked);
		struct rsa *r;

		assert_int_equal(rsa_open(buf_span(&pem), span_str(words), &r),
				 ST_OK);
		is_signed_by(key, r);
		rsa_close(r);
		if (locked) {
			assert_int_equal(
			    rsa_open(buf_span(&pem), span_str("others"), &r),
			    ST_DENIED);
			assert_int_equal(
			    rsa_open(buf_span(&pem), span_of(NULL, 0), &r),
			    ST_DENIED);
		}
		EVP_PKEY_free(key);
		buf_fini(&pem);
	}
}

static void
a_key_of_another_kind_is_told_apart(void **state)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	BIO *out = BIO_new(BIO_s_mem());
	struct rsa *r;
	char *text;
	long n;

	(void)state;
	assert_int_equal(
	    PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL), 1);
	n = BIO_get_mem_data(out, &text);
	assert_int_equal(
	    rsa_open(span_of(text, (size_t)n), span_of(NULL, 0), &r),
	    ST_UNSUPPORTED);
	assert_int_equal(rsa_open(span_str("no key"), span_of(NULL, 0), &r),
			 ST_MALFORMED);
	BIO_free(out);
	EVP_PKEY_free(key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_key_in_pem_signs_with_and_without_a_passphrase),
	    cmocka_unit_test(a_key_of_another_kind_is_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
