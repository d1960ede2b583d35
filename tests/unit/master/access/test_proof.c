#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "crypto/token.h"
#include "master/access/proof.h"

static void
a_code_is_known_however_it_is_typed(void **state)
{
	char code[PROOF_CODE_ROOM], hash[PROOF_HASH_HEX], typed[64];
	size_t n = 0;

	(void)state;
	proof_code_make(code, hash);
	assert_int_equal(strlen(code), 19);
	assert_true(proof_code_good(span_str(code), span_str(hash)));
	for (size_t i = 0; code[i] != '\0'; i++) {
		if (code[i] == '-')
			continue;
		typed[n++] = (char)tolower(code[i]);
		if (i % 3 == 0)
			typed[n++] = ' ';
	}
	assert_true(proof_code_good(span_of(typed, n), span_str(hash)));
	for (char *c = code; *c != '\0'; c++)
		*c = (char)(*c == '0' ? 'o' : *c == '1' ? 'l' : *c);
	assert_true(proof_code_good(span_str(code), span_str(hash)));
}

static void
any_other_code_is_refused(void **state)
{
	char code[PROOF_CODE_ROOM], hash[PROOF_HASH_HEX], longer[32];

	(void)state;
	proof_code_make(code, hash);
	snprintf(longer, sizeof(longer), "%s0", code);
	assert_false(proof_code_good(span_str(longer), span_str(hash)));
	assert_false(
	    proof_code_good(span_of(code, strlen(code) - 1), span_str(hash)));
	assert_false(proof_code_good(span_str(""), span_str(hash)));
	assert_false(proof_code_good(span_str(code), span_str("")));
	code[3] = code[3] == 'A' ? 'B' : 'A';
	assert_false(proof_code_good(span_str(code), span_str(hash)));
}

static void
a_token_proves_itself_only_in_its_own_session(void **state)
{
	uint8_t exporter[HASH_LEN] = {1}, other[HASH_LEN] = {2};
	uint8_t proof[HASH_LEN];
	char pin[65];
	struct proof_token t;
	struct span csr = span_str("a request"), key;

	(void)state;
	memset(pin, 'a', 64);
	pin[64] = '\0';
	assert_int_equal(proof_token_make("master.example", 11117, pin, &t),
			 ST_OK);
	assert_memory_equal(t.text, "trawl1:master.example:11117:aaaa", 32);
	key = span_of(t.key, sizeof(t.key));
	hash_enroll_proof(t.key, exporter, csr, proof);
	assert_true(proof_good(key, exporter, csr, proof));
	assert_false(proof_good(key, other, csr, proof)); /* a replay */
	assert_false(proof_good(key, exporter, span_str("another"), proof));
	/* Used up: there is no key, and its zeros are none either. */
	memset(t.key, 0, sizeof(t.key));
	hash_enroll_proof(t.key, exporter, csr, proof);
	assert_false(proof_good(span_of(NULL, 0), exporter, csr, proof));
}

static void
a_token_reads_back(void **state)
{
	char pin[65];
	struct proof_token t;
	struct token back;
	uint8_t key[TOKEN_KEY_LEN];

	(void)state;
	memset(pin, '7', 64);
	pin[64] = '\0';
	assert_int_equal(proof_token_make("::1", 11117, pin, &t), ST_OK);
	assert_int_equal(token_parse(span_str(t.text), &back), ST_OK);
	assert_string_equal(back.host, "::1");
	token_key(back.secret, key);
	assert_memory_equal(key, t.key, sizeof(key));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_code_is_known_however_it_is_typed),
	    cmocka_unit_test(any_other_code_is_refused),
	    cmocka_unit_test(a_token_proves_itself_only_in_its_own_session),
	    cmocka_unit_test(a_token_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
