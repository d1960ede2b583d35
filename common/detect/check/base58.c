#include "detect/check/base58.h"

#include <string.h>

#include <sodium.h>

#include "detect/check/keccak.h"
#include "model/match.h"

#define CHECKSUM  4
#define TEXT_MAX  128 /* characters */
#define LIMBS     24  /* of 32 bits: 58^128 fits */
#define BYTES_MAX (LIMBS * 4 + TEXT_MAX)

enum { ALPHABET_BITCOIN, ALPHABET_RIPPLE };
static const char *const alphabet_words[] = {"bitcoin", "ripple", NULL};
static const char *const alphabets[] = {
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz",
};

/* Leading bytes of what is decoded. */
struct version {
	uint8_t bytes[4];
	uint8_t len;
};

struct base58 {
	int32_t alphabet;
	struct check_texts versions; /* in hexadecimal */
	struct check_numbers sizes;  /* bytes with the version, no checksum */
	/* prepared */
	const struct version *version;
	uint8_t value[256]; /* of a character; 58: none */
};

static const struct check_param base58_params[] = {
    {"alphabet", CHECK_CHOICE, offsetof(struct base58, alphabet), false, 0, 0,
     alphabet_words},
    {"versions", CHECK_TEXTS, offsetof(struct base58, versions), true, 0, 0,
     NULL},
    {"sizes", CHECK_NUMBERS, offsetof(struct base58, sizes), false, 1, 90,
     NULL},
    {.name = NULL},
};

static void
values_of(const char *alphabet, uint8_t value[256])
{
	memset(value, 58, 256);
	for (uint8_t i = 0; i < 58; i++)
		value[(uint8_t)alphabet[i]] = i;
}

/* n = n * 58 + d, over the limbs in use; true while it fits. */
static bool
push(uint32_t *limb, size_t *used, uint32_t d)
{
	uint64_t carry = d;

	for (size_t i = 0; i < *used; i++) {
		carry += (uint64_t)limb[i] * 58;
		limb[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry == 0)
		return true;
	if (*used == LIMBS)
		return false;
	limb[(*used)++] = (uint32_t)carry;
	return true;
}

/* Bytes of the text, the leading zeros that stand for themselves too. */
static size_t
decode(struct span v, const uint8_t *value, uint8_t out[BYTES_MAX])
{
	uint32_t limb[LIMBS];
	size_t used = 0, n = 0, zeros = 0;

	if (v.len > TEXT_MAX)
		return 0;
	while (zeros < v.len && value[v.ptr[zeros]] == 0)
		out[zeros++] = 0;
	n = zeros;
	for (size_t i = zeros; i < v.len; i++)
		if (value[v.ptr[i]] > 57 || !push(limb, &used, value[v.ptr[i]]))
			return 0;
	for (size_t i = used * 4; i > 0; i--) {
		uint8_t b = (uint8_t)(limb[(i - 1) / 4] >> (i - 1) % 4 * 8);

		if (n > zeros || b != 0)
			out[n++] = b;
	}
	return n;
}

static bool
size_ok(const struct base58 *p, size_t n)
{
	for (size_t i = 0; i < p->sizes.n; i++)
		if ((size_t)p->sizes.v[i] == n)
			return true;
	return p->sizes.n == 0 && n > 0;
}

static bool
version_ok(const struct base58 *p, struct span body)
{
	for (size_t i = 0; i < p->versions.n; i++)
		if (body.len >= p->version[i].len &&
		    memcmp(body.ptr, p->version[i].bytes, p->version[i].len) ==
			0)
			return true;
	return false;
}

static bool
base58check(struct span v, const struct check *c)
{
	const struct base58 *p = c->params;
	uint8_t bytes[BYTES_MAX], hash[crypto_hash_sha256_BYTES];
	size_t n = decode(v, p->value, bytes);
	struct span body;

	if (n <= CHECKSUM || !size_ok(p, n - CHECKSUM))
		return false;
	body = span_of(bytes, n - CHECKSUM);
	if (!version_ok(p, body))
		return false;
	crypto_hash_sha256(hash, body.ptr, body.len);
	crypto_hash_sha256(hash, hash, sizeof(hash));
	return memcmp(hash, bytes + body.len, CHECKSUM) == 0;
}

static bool
version_parse(struct span hex, struct version *out)
{
	*out = (struct version){.len = (uint8_t)(hex.len / 2)};
	if (hex.len == 0 || hex.len % 2 != 0 ||
	    hex.len / 2 > sizeof(out->bytes))
		return false;
	for (size_t i = 0; i < hex.len; i++) {
		uint8_t c = hex.ptr[i], d;

		if (c >= '0' && c <= '9')
			d = (uint8_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			d = (uint8_t)(c - 'a' + 10);
		else
			return false;
		out->bytes[i / 2] = (uint8_t)(out->bytes[i / 2] << 4 | d);
	}
	return true;
}

static bool
base58_prepare(struct arena *a, struct check *c, void *params,
	       struct check_wrong *why)
{
	struct base58 *p = params;
	struct version *all = arena_array(a, p->versions.n + 1, sizeof(*all));

	(void)c;
	if (all == NULL)
		return false;
	values_of(alphabets[p->alphabet], p->value);
	p->version = all;
	for (size_t i = 0; i < p->versions.n; i++)
		if (!version_parse(p->versions.v[i], &all[i])) {
			*why = (struct check_wrong){
			    "versions", "must be 1 to 4 bytes in small "
					"hexadecimal, like \"0488ade4\""};
			return false;
		}
	return true;
}

/* ---- Monero: blocks of eleven characters, eight bytes each --------------- */

#define BLOCK_TEXT  11
#define BLOCK_BYTES 8
#define MONERO_MAX  80

struct monero {
	uint8_t value[256];
};

/* One block into n bytes; false when it does not fit. */
static bool
block(const uint8_t *text, size_t len, const uint8_t *value, uint8_t *out,
      size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < len; i++) {
		if (value[text[i]] > 57 || __builtin_mul_overflow(v, 58, &v) ||
		    __builtin_add_overflow(v, value[text[i]], &v))
			return false;
	}
	if (n < 8 && v >> n * 8 != 0)
		return false;
	for (size_t i = n; i > 0; i--, v >>= 8)
		out[i - 1] = (uint8_t)v;
	return true;
}

/* Standard and subaddress of main, test and stage net; with a payment id. */
static bool
network(uint8_t byte, bool payment)
{
	static const uint8_t plain[] = {18, 42, 53, 63, 24, 36};
	static const uint8_t integrated[] = {19, 54, 25};

	return payment ? memchr(integrated, byte, sizeof(integrated)) != NULL
		       : memchr(plain, byte, sizeof(plain)) != NULL;
}

static bool
base58_monero(struct span v, const struct check *c)
{
	const struct monero *p = c->params;
	uint8_t bytes[MONERO_MAX], hash[KECCAK_256];
	size_t n = 0;

	if (v.len != 95 && v.len != 106)
		return false;
	for (size_t i = 0; i < v.len; i += BLOCK_TEXT) {
		/* the last has seven characters, five bytes */
		bool last = v.len - i < BLOCK_TEXT;
		size_t size = last ? 5 : BLOCK_BYTES;

		if (!block(v.ptr + i, last ? 7 : BLOCK_TEXT, p->value,
			   bytes + n, size))
			return false;
		n += size;
	}
	if (!network(bytes[0], v.len == 106))
		return false;
	keccak_256(span_of(bytes, n - CHECKSUM), hash);
	return memcmp(hash, bytes + n - CHECKSUM, CHECKSUM) == 0;
}

static bool
monero_prepare(struct arena *a, struct check *c, void *params,
	       struct check_wrong *why)
{
	struct monero *p = params;

	(void)a;
	(void)c;
	(void)why;
	values_of(alphabets[ALPHABET_BITCOIN], p->value);
	return true;
}

const struct check_op check_base58_ops[] = {
    {"base58check", base58check, REASON(REASON_CHECKSUM), base58_params,
     sizeof(struct base58), NULL, base58_prepare},
    {"base58_monero", base58_monero, REASON(REASON_CHECKSUM), NULL,
     sizeof(struct monero), NULL, monero_prepare},
    {.name = NULL},
};
