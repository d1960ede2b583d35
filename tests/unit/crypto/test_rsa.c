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

#include "base/codec.h"
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
	const struct {
		enum rsa_hash hash;
		const EVP_MD *md;
	} ways[] = {{RSA_SHA256, EVP_sha256()}, {RSA_SHA512, EVP_sha512()}};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		EVP_MD_CTX *ctx = EVP_MD_CTX_new();
		struct buf sig;

		buf_init(&sig, 4096);
		assert_int_equal(
		    rsa_sign(r, ways[i].hash, span_str("message"), &sig),
		    ST_OK);
		assert_int_equal(
		    EVP_DigestVerifyInit(ctx, NULL, ways[i].md, NULL, key), 1);
		assert_int_equal(
		    EVP_DigestVerify(ctx, sig.data, sig.len,
				     (const unsigned char *)"message", 7),
		    1);
		EVP_MD_CTX_free(ctx);
		buf_fini(&sig);
	}
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
put(struct buf *to, const void *p, size_t n)
{
	const uint8_t len[] = {(uint8_t)(n >> 24), (uint8_t)(n >> 16),
			       (uint8_t)(n >> 8), (uint8_t)n};

	assert_int_equal(buf_add(to, len, 4), ST_OK);
	assert_int_equal(buf_add(to, p, n), ST_OK);
}

static void
put_number(struct buf *to, const EVP_PKEY *key, const char *name)
{
	uint8_t bytes[1024];
	BIGNUM *bn = NULL;

	assert_int_equal(EVP_PKEY_get_bn_param(key, name, &bn), 1);
	put(to, bytes, (size_t)BN_bn2bin(bn, bytes));
	BN_free(bn);
}

/* As ssh-keygen writes it, of one key. */
static void
wrap(const EVP_PKEY *key, const char *cipher, struct buf *text)
{
	static const uint8_t one[] = {0, 0, 0, 1}, checks[8] = {0};
	struct buf raw, half;

	buf_init(&raw, 8192);
	buf_init(&half, 8192);
	buf_init(text, 8192);
	assert_int_equal(buf_add(&raw, "openssh-key-v1", 15), ST_OK);
	put(&raw, cipher, strlen(cipher));
	put(&raw, "none", 4);
	put(&raw, "", 0);
	assert_int_equal(buf_add(&raw, one, 4), ST_OK);
	put(&half, "ssh-rsa", 7);
	put(&raw, half.data, half.len);
	buf_clear(&half);
	assert_int_equal(buf_add(&half, checks, 8), ST_OK);
	put(&half, "ssh-rsa", 7);
	put_number(&half, key, "n");
	put_number(&half, key, "e");
	put_number(&half, key, "d");
	put(&raw, half.data, half.len);
	assert_int_equal(
	    buf_addf(text, "-----BEGIN OPENSSH %s KEY-----\n", "PRIVATE"),
	    ST_OK);
	assert_int_equal(codec_base64(CODEC_BASE64, buf_span(&raw), text),
			 ST_OK);
	assert_int_equal(
	    buf_addf(text, "\n-----END OPENSSH %s KEY-----\n", "PRIVATE"),
	    ST_OK);
	buf_fini(&raw);
	buf_fini(&half);
}

static void
a_key_in_the_format_of_openssh_signs_when_it_is_not_locked(void **state)
{
	struct buf pem, text;
	EVP_PKEY *key = make(&pem, false);
	struct rsa *r;

	(void)state;
	wrap(key, "none", &text);
	assert_int_equal(rsa_open(buf_span(&text), span_of(NULL, 0), &r),
			 ST_OK);
	is_signed_by(key, r);
	rsa_close(r);
	buf_fini(&text);
	wrap(key, "aes256-ctr", &text);
	assert_int_equal(rsa_open(buf_span(&text), span_str(words), &r),
			 ST_USAGE);
	for (size_t n = 0; n < text.len; n += 37)
		assert_int_not_equal(
		    rsa_open(span_of(text.data, n), span_of(NULL, 0), &r),
		    ST_OK);
	buf_fini(&text);
	buf_fini(&pem);
	EVP_PKEY_free(key);
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
	    cmocka_unit_test(
		a_key_in_the_format_of_openssh_signs_when_it_is_not_locked),
	    cmocka_unit_test(a_key_of_another_kind_is_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
