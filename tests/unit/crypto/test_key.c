#include "crypto/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

/* ---- text ---- */

static void
key_survives_its_text(void **state)
{
	uint8_t a[KEY_LEN_HASH], b[KEY_LEN_HASH];
	struct key *k, *again;
	struct buf pem;

	(void)state;
	buf_init(&pem, 4096);
	assert_int_equal(key_make(&k), ST_OK);
	assert_int_equal(key_pem(k, &pem), ST_OK);
	assert_int_equal(key_load(buf_span(&pem), &again), ST_OK);
	assert_int_equal(key_hash(k, a), ST_OK);
	assert_int_equal(key_hash(again, b), ST_OK);
	assert_memory_equal(a, b, sizeof(a));
	key_free(again);
	pem.data[pem.len / 2] ^= 0x15;
	assert_int_equal(key_load(buf_span(&pem), &again), ST_MALFORMED);
	key_free(k);
	buf_fini(&pem);
}

static void
key_cut_anywhere_is_none(void **state)
{
	struct key *k, *again;
	struct buf pem;

	(void)state;
	buf_init(&pem, 4096);
	assert_int_equal(key_make(&k), ST_OK);
	assert_int_equal(key_pem(k, &pem), ST_OK);
	for (size_t n = 0; n + 2 < pem.len; n += 7)
		assert_int_equal(key_load(span_of(pem.data, n), &again),
				 ST_MALFORMED);
	assert_int_equal(key_load(span_str("no key"), &again), ST_MALFORMED);
	key_free(k);
	buf_fini(&pem);
}

enum kind { KEY_P256, KEY_P384, KEY_RSA, KEY_ENCRYPTED, KEY_PUBLIC };

/* A key of that kind as text. */
static struct span
text_of(enum kind kind, BIO *to)
{
	static char secret[] = "made up";
	EVP_PKEY *k = kind == KEY_P384  ? EVP_EC_gen("P-384")
		      : kind == KEY_RSA ? EVP_RSA_gen(2048)
					: EVP_EC_gen("P-256");
	const EVP_CIPHER *c = kind == KEY_ENCRYPTED ? EVP_aes_256_cbc() : NULL;
	char *text;
	long n;

	assert_non_null(k);
	if (kind == KEY_PUBLIC)
		assert_int_equal(PEM_write_bio_PUBKEY(to, k), 1);
	else
		assert_int_equal(PEM_write_bio_PKCS8PrivateKey(
				     to, k, c, c == NULL ? NULL : secret,
				     c == NULL ? 0 : 7, NULL, NULL),
				 1);
	EVP_PKEY_free(k);
	n = BIO_get_mem_data(to, &text);
	return span_of(text, (size_t)n);
}

static void
only_a_plain_private_key_on_p256_is_ours(void **state)
{
	static const struct {
		enum kind kind;
		enum status want;
	} cases[] = {
	    {KEY_P256, ST_OK},          {KEY_P384, ST_MALFORMED},
	    {KEY_RSA, ST_MALFORMED},    {KEY_ENCRYPTED, ST_MALFORMED},
	    {KEY_PUBLIC, ST_MALFORMED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		BIO *bio = BIO_new(BIO_s_mem());
		struct key *k = NULL;

		assert_non_null(bio);
		assert_int_equal(key_load(text_of(cases[i].kind, bio), &k),
				 cases[i].want);
		if (cases[i].want == ST_OK)
			assert_int_equal(key_is_p256(key_native(k)), 1);
		else
			assert_null(k); /* untouched */
		key_free(k);
		BIO_free(bio);
	}
}

/* ---- fingerprint ---- */

static void
hash_is_that_of_the_public_half_alone(void **state)
{
	uint8_t hash[KEY_LEN_HASH], want[KEY_LEN_HASH], other[KEY_LEN_HASH];
	unsigned char *der = NULL;
	struct key *k, *l;
	int n;

	(void)state;
	assert_int_equal(key_make(&k), ST_OK);
	assert_int_equal(key_make(&l), ST_OK);
	n = i2d_PUBKEY(key_native(k), &der);
	assert_true(n > 0);
	SHA256(der, (size_t)n, want);
	assert_int_equal(key_hash(k, hash), ST_OK);
	assert_memory_equal(hash, want, sizeof(hash));
	assert_int_equal(key_hash(l, other), ST_OK);
	assert_memory_not_equal(hash, other, sizeof(hash));
	OPENSSL_free(der);
	key_free(k);
	key_free(l);
}

static void
fingerprint_is_eight_groups_of_four(void **state)
{
	uint8_t hash[KEY_LEN_HASH] = {0x4f, 0x2a, 0x91, 0xc0};
	char text[KEY_PRINT_LEN];

	(void)state;
	hash[15] = 0x0b;
	hash[16] = 0xff; /* the second half is not shown */
	key_print(hash, text);
	assert_string_equal(text, "4F2A 91C0 0000 0000 0000 0000 0000 000B");
	assert_int_equal(strlen(text), KEY_PRINT_LEN - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(key_survives_its_text),
	    cmocka_unit_test(key_cut_anywhere_is_none),
	    cmocka_unit_test(only_a_plain_private_key_on_p256_is_ours),
	    cmocka_unit_test(hash_is_that_of_the_public_half_alone),
	    cmocka_unit_test(fingerprint_is_eight_groups_of_four),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
