#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/codec.h"
#include "proxy-agent/session/ssh_key.h"

static const char words[] = "made up words";

/* A key for this test alone: PEM of ECDSA, OpenSSH's own format of others. */
static void
make(enum ssh_keytypes_e type, bool locked, struct buf *to)
{
	ssh_key key = NULL;
	char *text = NULL;

	assert_int_equal(ssh_pki_generate(type, 0, &key), SSH_OK);
	assert_int_equal(ssh_pki_export_privkey_base64(
			     key, locked ? words : NULL, NULL, NULL, &text),
			 SSH_OK);
	buf_init(to, 8192);
	assert_int_equal(buf_add_str(to, text), ST_OK);
	ssh_string_free_char(text);
	ssh_key_free(key);
}

static void
a_key_is_read_with_its_passphrase_and_nobody_is_asked(void **state)
{
	static const enum ssh_keytypes_e types[] = {SSH_KEYTYPE_ECDSA_P256,
						    SSH_KEYTYPE_ED25519};
	static const struct {
		bool locked;
		const char *words;
		enum status st;
	} cases[] = {{false, NULL, ST_OK},
		     {false, words, ST_OK},
		     {true, words, ST_OK},
		     {true, "others", ST_MALFORMED},
		     {true, NULL, ST_MALFORMED}};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		const size_t c = i / 2;
		struct span given = cases[c].words == NULL
					? span_of(NULL, 0)
					: span_str(cases[c].words);
		ssh_key key = NULL;
		struct buf text;

		make(types[i % 2], cases[c].locked, &text);
		assert_int_equal(ssh_key_read(buf_span(&text), given, &key),
				 cases[c].st);
		assert_int_equal(key != NULL, cases[c].st == ST_OK);
		ssh_key_free(key);
		buf_fini(&text);
	}
}

/* As ssh-keygen begins it; what follows is made up. */
static void
wrap(const char *cipher, struct buf *text)
{
	const uint8_t n[] = {0, 0, 0, (uint8_t)strlen(cipher)};
	const uint8_t rest[64] = {0};
	struct buf raw;

	buf_init(&raw, 512);
	buf_init(text, 1024);
	assert_int_equal(buf_add(&raw, "openssh-key-v1", 15), ST_OK);
	assert_int_equal(buf_add(&raw, n, sizeof(n)), ST_OK);
	assert_int_equal(buf_add(&raw, cipher, strlen(cipher)), ST_OK);
	assert_int_equal(buf_add(&raw, rest, sizeof(rest)), ST_OK);
	assert_int_equal(
	    buf_addf(text, "-----BEGIN OPENSSH %s KEY-----\n", "PRIVATE"),
	    ST_OK);
	assert_int_equal(codec_base64(CODEC_BASE64, buf_span(&raw), text),
			 ST_OK);
	assert_int_equal(
	    buf_addf(text, "\n-----END OPENSSH %s KEY-----\n", "PRIVATE"),
	    ST_OK);
	buf_fini(&raw);
}

static void
a_cipher_that_cannot_be_undone_is_told_apart(void **state)
{
	static const struct {
		const char *cipher;
		enum status st;
	} cases[] = {{"none", ST_MALFORMED},
		     {"aes256-ctr", ST_MALFORMED},
		     {"3des-cbc", ST_MALFORMED},
		     {"aes256-gcm@openssh.com", ST_USAGE},
		     {"chacha20-poly1305@openssh.com", ST_USAGE},
		     {"rot13", ST_USAGE},
		     {"", ST_USAGE}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ssh_key key = NULL;
		struct buf text;

		wrap(cases[i].cipher, &text);
		assert_int_equal(
		    ssh_key_read(buf_span(&text), span_str(words), &key),
		    cases[i].st);
		/* and however it is cut off */
		for (size_t n = 0; n < text.len; n++)
			assert_int_not_equal(ssh_key_read(span_of(text.data, n),
							  span_str(words),
							  &key),
					     ST_OK);
		buf_fini(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_key_is_read_with_its_passphrase_and_nobody_is_asked),
	    cmocka_unit_test(a_cipher_that_cannot_be_undone_is_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
