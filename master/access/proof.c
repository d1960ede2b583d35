#include "master/access/proof.h"

#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "crypto/key.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "crypto/token.h"

#define CODE_SIGNS 16

/* 32 signs that cannot be taken for one another: no I, L, O, U. */
static const char alphabet[33] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

bool
proof_good(struct span key, const uint8_t exporter[HASH_LEN], struct span csr,
	   const uint8_t proof[HASH_LEN])
{
	uint8_t have[HASH_LEN] = {0}, want[HASH_LEN];
	bool whole = key.len == HASH_LEN, good;

	if (whole)
		memcpy(have, key.ptr, HASH_LEN);
	hash_enroll_proof(have, exporter, csr, want);
	good = secret_equal(want, proof, HASH_LEN);
	secret_wipe(have, sizeof(have));
	secret_wipe(want, sizeof(want));
	return good && whole;
}

void
proof_print(const uint8_t key_hash[HASH_LEN], char *to, size_t room)
{
	char text[KEY_PRINT_LEN];

	key_print(key_hash, text);
	snprintf(to, room, "%s", text);
}

enum status
proof_token_make(const char *host, uint16_t port, const char *pin_hex,
		 struct proof_token *out)
{
	struct token t = {.port = port};
	char text[TOKEN_TEXT_MAX];
	enum status st = codec_unhex(span_str(pin_hex), t.pin, sizeof(t.pin));

	if (st != ST_OK)
		return st;
	if (strlen(host) >= sizeof(t.host))
		return ST_LIMIT;
	snprintf(t.host, sizeof(t.host), "%s", host);
	random_bytes(t.secret, sizeof(t.secret));
	st = token_format(&t, text);
	if (st == ST_OK) {
		snprintf(out->text, sizeof(out->text), "%s", text);
		token_key(t.secret, out->key);
	}
	secret_wipe(text, sizeof(text));
	secret_wipe(&t, sizeof(t));
	return st;
}

static void
hash_code(const char signs[CODE_SIGNS], char hash[PROOF_HASH_HEX])
{
	uint8_t sum[HASH_LEN];

	hash_sha256(span_of(signs, CODE_SIGNS), sum);
	codec_hex(span_of(sum, sizeof(sum)), hash);
}

void
proof_code_make(char code[PROOF_CODE_ROOM], char hash[PROOF_HASH_HEX])
{
	uint8_t random[CODE_SIGNS];
	char signs[CODE_SIGNS];
	size_t at = 0;

	random_bytes(random, sizeof(random));
	for (size_t i = 0; i < CODE_SIGNS; i++) {
		signs[i] = alphabet[random[i] & 31U];
		if (i > 0 && i % 4 == 0)
			code[at++] = '-';
		code[at++] = signs[i];
	}
	code[at] = '\0';
	hash_code(signs, hash);
	secret_wipe(signs, sizeof(signs));
	secret_wipe(random, sizeof(random));
}

/* Small letters count as capitals, and those left out as what they look like.
 */
static char
sign_of(uint8_t c)
{
	if (c >= 'a' && c <= 'z')
		c = (uint8_t)(c - 'a' + 'A');
	if (c == 'O')
		return '0';
	if (c == 'I' || c == 'L')
		return '1';
	return (char)c;
}

bool
proof_code_good(struct span typed, struct span hash_hex)
{
	char signs[CODE_SIGNS] = {0}, hash[PROOF_HASH_HEX];
	size_t n = 0;
	bool good;

	for (size_t i = 0; i < typed.len; i++) {
		if (typed.ptr[i] == '-' || typed.ptr[i] == ' ')
			continue;
		if (n < CODE_SIGNS)
			signs[n] = sign_of(typed.ptr[i]);
		n++;
	}
	hash_code(signs, hash);
	good = hash_hex.len == PROOF_HASH_HEX - 1 &&
	       secret_equal(hash, hash_hex.ptr, hash_hex.len);
	secret_wipe(signs, sizeof(signs));
	return good && n == CODE_SIGNS;
}
