#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/codec.h"
#include "crypto/hash.h"

static void
hex_is(const uint8_t *got, size_t len, const char *want)
{
	char text[256];

	codec_hex(span_of(got, len), text);
	assert_string_equal(text, want);
}

/* FIPS 180-4 examples. */
static void
sha256_gives_the_published_digests(void **state)
{
	uint8_t out[HASH_LEN];

	(void)state;
	hash_sha256(span_str("abc"), out);
	hex_is(out, sizeof(out),
	       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015"
	       "ad");
	hash_sha256(span_of(NULL, 0), out);
	hex_is(out, sizeof(out),
	       "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8"
	       "55");
}

static void
sha1_gives_the_published_digests(void **state)
{
	uint8_t out[HASH_SHA1_LEN];

	(void)state;
	hash_sha1(span_str("abc"), out);
	hex_is(out, sizeof(out), "a9993e364706816aba3e25717850c26c9cd0d89d");
	hash_sha1(span_of(NULL, 0), out);
	hex_is(out, sizeof(out), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

/* RFC 4231, cases 1, 2 and 6 (a key longer than a block). */
static void
hmac_gives_the_published_codes(void **state)
{
	uint8_t key[131], out[HASH_LEN];

	(void)state;
	memset(key, 0x0b, 20);
	hash_hmac(span_of(key, 20), span_str("Hi There"), out);
	hex_is(out, sizeof(out),
	       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cf"
	       "f7");
	hash_hmac(span_str("Jefe"), span_str("what do ya want for nothing?"),
		  out);
	hex_is(out, sizeof(out),
	       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec38"
	       "43");
	memset(key, 0xaa, sizeof(key));
	hash_hmac(span_of(key, sizeof(key)),
		  span_str("Test Using Larger Than Block-Size Key - Hash Key "
			   "First"),
		  out);
	hex_is(out, sizeof(out),
	       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f"
	       "54");
}

/* RFC 5869, case 1. */
static void
hkdf_gives_the_published_keys(void **state)
{
	uint8_t ikm[22], salt[13], info[10], out[42];

	(void)state;
	memset(ikm, 0x0b, sizeof(ikm));
	for (size_t i = 0; i < sizeof(salt); i++)
		salt[i] = (uint8_t)i;
	for (size_t i = 0; i < sizeof(info); i++)
		info[i] = (uint8_t)(0xf0 + i);
	hash_hkdf(span_of(ikm, sizeof(ikm)), span_of(salt, sizeof(salt)),
		  span_of(info, sizeof(info)), out, sizeof(out));
	hex_is(out, sizeof(out),
	       "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5"
	       "bf34007208d5b887185865");
}

static void
proof_changes_with_key_session_and_request(void **state)
{
	uint8_t key[HASH_LEN] = {1}, exporter[HASH_LEN] = {2};
	uint8_t want[HASH_LEN], got[HASH_LEN];

	(void)state;
	hash_enroll_proof(key, exporter, span_str("csr"), want);
	hash_enroll_proof(key, exporter, span_str("csr"), got);
	assert_memory_equal(got, want, HASH_LEN);
	hash_enroll_proof(key, exporter, span_str("other"), got);
	assert_memory_not_equal(got, want, HASH_LEN);
	exporter[31] = 1;
	hash_enroll_proof(key, exporter, span_str("csr"), got);
	assert_memory_not_equal(got, want, HASH_LEN);
	exporter[31] = 0;
	key[31] = 1;
	hash_enroll_proof(key, exporter, span_str("csr"), got);
	assert_memory_not_equal(got, want, HASH_LEN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sha256_gives_the_published_digests),
	    cmocka_unit_test(sha1_gives_the_published_digests),
	    cmocka_unit_test(hmac_gives_the_published_codes),
	    cmocka_unit_test(hkdf_gives_the_published_keys),
	    cmocka_unit_test(proof_changes_with_key_session_and_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
