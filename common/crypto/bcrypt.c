#include "crypto/bcrypt.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"

#define DIGEST 64 /* bytes of SHA-512 */
#define BLOCK  32 /* bytes that one hash gives */
#define COST   64 /* times that a hash expands its key */

/* ---- Blowfish (Schneier 1994), which nobody gives from the inside ----------
 */

#define P_WORDS 18
#define S_WORDS 1024

struct blowfish {
	uint32_t p[P_WORDS], s[S_WORDS];
};

static uint32_t
mix(const struct blowfish *b, uint32_t x)
{
	const uint32_t *s = b->s;

	return ((s[x >> 24] + s[256 + (x >> 16 & 0xff)]) ^
		s[512 + (x >> 8 & 0xff)]) +
	       s[768 + (x & 0xff)];
}

static void
encipher(const struct blowfish *b, uint32_t w[2])
{
	uint32_t left = w[0] ^ b->p[0], right = w[1];

	for (unsigned i = 1; i <= 16; i += 2) {
		right ^= mix(b, left) ^ b->p[i];
		left ^= mix(b, right) ^ b->p[i + 1];
	}
	w[0] = right ^ b->p[17];
	w[1] = left;
}

/* Words of some bytes, round and round. */
struct ring {
	const uint8_t *bytes;
	size_t len, at;
};

static uint32_t
next_word(struct ring *r)
{
	uint32_t w = 0;

	for (unsigned i = 0; i < 4; i++) {
		w = w << 8 | r->bytes[r->at];
		r->at = (r->at + 1) % r->len;
	}
	return w;
}

/* salt: NULL when there is none. */
static void
expand(struct blowfish *b, const uint8_t *salt, const uint8_t *key)
{
	struct ring keys = {key, DIGEST, 0}, salts = {salt, DIGEST, 0};
	uint32_t w[2] = {0, 0};

	for (unsigned i = 0; i < P_WORDS; i++)
		b->p[i] ^= next_word(&keys);
	for (unsigned i = 0; i < P_WORDS + S_WORDS; i += 2) {
		uint32_t *to = i < P_WORDS ? &b->p[i] : &b->s[i - P_WORDS];

		if (salt != NULL) {
			w[0] ^= next_word(&salts);
			w[1] ^= next_word(&salts);
		}
		encipher(b, w);
		to[0] = w[0];
		to[1] = w[1];
	}
}

/* ---- what it begins with: the digits of pi ---------------------------------
 */

#define PI_BITS  ((P_WORDS + S_WORDS) * 32)
#define PI_GUARD 64 /* bits that rounding may spoil */

/* *sum += times * arctan(1/x), scaled; its series is cut where it is nothing */
static bool
add_arctan(BIGNUM *sum, BN_ULONG x, BN_ULONG times, bool negative)
{
	BIGNUM *power = BN_new(), *term = BN_new();
	bool ok = power != NULL && term != NULL &&
		  BN_set_bit(power, PI_BITS + PI_GUARD) == 1 &&
		  BN_mul_word(power, times) == 1;

	if (ok)
		(void)BN_div_word(power, x);
	for (BN_ULONG n = 1; ok && !BN_is_zero(power); n += 2) {
		ok = BN_copy(term, power) != NULL;
		if (ok)
			(void)BN_div_word(term, n);
		ok = ok && (negative ? BN_sub(sum, sum, term)
				     : BN_add(sum, sum, term)) == 1;
		negative = !negative;
		(void)BN_div_word(power, x * x);
	}
	BN_free(power);
	BN_free(term);
	return ok;
}

/* Machin: pi = 16 arctan(1/5) - 4 arctan(1/239). */
static enum status
begin_with_pi(struct blowfish *b)
{
	uint8_t bytes[PI_BITS / 8];
	BIGNUM *pi = BN_new();
	bool ok = pi != NULL && add_arctan(pi, 5, 16, false) &&
		  add_arctan(pi, 239, 4, true) &&
		  BN_rshift(pi, pi, PI_GUARD) == 1 &&
		  BN_mask_bits(pi, PI_BITS) == 1 && /* without the 3 */
		  BN_bn2binpad(pi, bytes, sizeof(bytes)) == sizeof(bytes);
	struct ring all = {bytes, sizeof(bytes), 0};

	for (unsigned i = 0; ok && i < P_WORDS; i++)
		b->p[i] = next_word(&all);
	for (unsigned i = 0; ok && i < S_WORDS; i++)
		b->s[i] = next_word(&all);
	BN_free(pi);
	return ok ? ST_OK : ST_NOMEM;
}

/* ---- bcrypt_pbkdf ----------------------------------------------------------
 */

struct work {
	struct blowfish pi, state;
	uint8_t pass[DIGEST], salt[DIGEST];
};

static bool
digest(struct span a, struct span b, uint8_t out[DIGEST])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx != NULL &&
		  EVP_DigestInit_ex(ctx, EVP_sha512(), NULL) == 1 &&
		  EVP_DigestUpdate(ctx, a.ptr, a.len) == 1 &&
		  EVP_DigestUpdate(ctx, b.ptr, b.len) == 1 &&
		  EVP_DigestFinal_ex(ctx, out, NULL) == 1;

	EVP_MD_CTX_free(ctx);
	return ok;
}

static void
hash(struct work *w, uint8_t out[BLOCK])
{
	static const uint8_t words[] = "OxychromaticBlowfishSwatDynamite";
	struct ring text = {words, BLOCK, 0};
	uint32_t data[BLOCK / 4];

	w->state = w->pi;
	expand(&w->state, w->salt, w->pass);
	for (unsigned i = 0; i < COST; i++) {
		expand(&w->state, NULL, w->salt);
		expand(&w->state, NULL, w->pass);
	}
	for (unsigned i = 0; i < BLOCK / 4; i++)
		data[i] = next_word(&text);
	for (unsigned i = 0; i < BLOCK / 4; i += 2)
		for (unsigned k = 0; k < COST; k++)
			encipher(&w->state, &data[i]);
	for (unsigned i = 0; i < BLOCK / 4; i++)
		codec_put32(out + 4 * (size_t)i, data[i]);
}

/* One block of the key: the sum of all rounds. */
static bool
block(struct work *w, struct span salt, uint32_t number, uint32_t rounds,
      uint8_t out[BLOCK])
{
	const uint8_t count[] = {(uint8_t)(number >> 24),
				 (uint8_t)(number >> 16),
				 (uint8_t)(number >> 8), (uint8_t)number};
	uint8_t one[BLOCK];

	if (!digest(salt, span_of(count, sizeof(count)), w->salt))
		return false;
	hash(w, one);
	memcpy(out, one, BLOCK);
	for (uint32_t i = 1; i < rounds; i++) {
		if (!digest(span_of(one, BLOCK), span_of("", 0), w->salt))
			return false;
		hash(w, one);
		for (unsigned k = 0; k < BLOCK; k++)
			out[k] ^= one[k];
	}
	return true;
}

/* The bytes of a block do not stand together in the key. */
static enum status
fill(struct work *w, struct span salt, uint32_t rounds, uint8_t *out, size_t n)
{
	size_t blocks = (n + BLOCK - 1) / BLOCK;
	uint8_t one[BLOCK];

	for (size_t b = 0; b < blocks; b++) {
		if (!block(w, salt, (uint32_t)b + 1, rounds, one))
			return ST_NOMEM;
		for (size_t i = 0; i * blocks + b < n; i++)
			out[i * blocks + b] = one[i];
	}
	explicit_bzero(one, sizeof(one));
	return ST_OK;
}

enum status
bcrypt_key(struct span passphrase, struct span salt, uint32_t rounds,
	   uint8_t *out, size_t n)
{
	struct work *w;
	enum status st;

	if (passphrase.len == 0 || salt.len == 0 || rounds == 0 || n == 0)
		return ST_USAGE;
	if (rounds > BCRYPT_ROUNDS || n > BCRYPT_BYTES)
		return ST_LIMIT;
	w = calloc(1, sizeof(*w));
	st = w == NULL ? ST_NOMEM : begin_with_pi(&w->pi);
	if (st == ST_OK && !digest(passphrase, span_of("", 0), w->pass))
		st = ST_NOMEM;
	if (st == ST_OK)
		st = fill(w, salt, rounds, out, n);
	if (w != NULL)
		explicit_bzero(w, sizeof(*w));
	free(w);
	return st;
}
