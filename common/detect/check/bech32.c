#include "detect/check/bech32.h"

#include <string.h>

#include "base/str.h"
#include "model/match.h"

#define TEXT_MAX    128 /* Cardano's are longer than the 90 of BIP-173 */
#define WITNESS_MAX 90
#define CHECKSUM    6 /* characters */

enum { VARIANT_BECH32, VARIANT_BECH32M };
static const char *const variant_words[] = {"bech32", "bech32m", NULL};
static const uint32_t variant_rest[] = {1, 0x2bc830a3};

struct bech32 {
	struct check_texts hrp; /* human-readable parts, in small letters */
	uint32_t variants;      /* 1 << VARIANT_x */
	bool witness;           /* a program of BIP-141 */
};

static const struct bech32 bech32_fresh = {.variants = 1U << VARIANT_BECH32};

static const struct check_param bech32_params[] = {
    {"hrp", CHECK_TEXTS, offsetof(struct bech32, hrp), true, 0, 0, NULL},
    {"variants", CHECK_CHOICES, offsetof(struct bech32, variants), false, 0, 0,
     variant_words},
    {"witness", CHECK_FLAG, offsetof(struct bech32, witness), false, 0, 0,
     NULL},
    {.name = NULL},
};

static uint32_t
polymod(uint32_t rest, uint8_t v)
{
	static const uint32_t poly[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa,
					0x3d4233dd, 0x2a1462b3};
	uint32_t top = rest >> 25;

	rest = (rest & 0x1ffffff) << 5 ^ v;
	for (unsigned i = 0; i < 5; i++)
		if (top >> i & 1)
			rest ^= poly[i];
	return rest;
}

/* Small letters of v into out; false when both cases are mixed. */
static bool
one_case(struct span v, uint8_t *out)
{
	bool small = false, large = false;

	for (size_t i = 0; i < v.len; i++) {
		uint8_t c = v.ptr[i];

		small |= c >= 'a' && c <= 'z';
		large |= c >= 'A' && c <= 'Z';
		out[i] = c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
	}
	return !(small && large);
}

static bool
known_part(const struct bech32 *p, struct span part)
{
	for (size_t i = 0; i < p->hrp.n; i++)
		if (span_eq(part, p->hrp.v[i]))
			return true;
	return false;
}

/* Five-bit values of the data part in place; the remainder, or 0. */
static uint32_t
values(struct span part, uint8_t *data, size_t n)
{
	static const char set[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	uint32_t rest = 1;

	for (size_t i = 0; i < part.len; i++)
		rest = polymod(rest, part.ptr[i] >> 5);
	rest = polymod(rest, 0);
	for (size_t i = 0; i < part.len; i++)
		rest = polymod(rest, part.ptr[i] & 31);
	for (size_t i = 0; i < n; i++) {
		const char *at = data[i] == 0 ? NULL : strchr(set, data[i]);

		if (at == NULL)
			return 0;
		data[i] = (uint8_t)(at - set);
		rest = polymod(rest, data[i]);
	}
	return rest;
}

/* Version and length of the program, its padding, and the variant of both. */
static bool
program_ok(const uint8_t *data, size_t n, bool bech32m)
{
	size_t bytes;

	if (n < 1 || data[0] > 16 || (data[0] != 0) != bech32m)
		return false;
	bytes = (n - 1) * 5 / 8;
	if ((n - 1) * 5 % 8 > 4 ||
	    (data[n - 1] & ((1U << (n - 1) * 5 % 8) - 1)) != 0)
		return false;
	return data[0] == 0 ? bytes == 20 || bytes == 32
			    : bytes >= 2 && bytes <= 40;
}

static bool
bech32(struct span v, const struct check *c)
{
	const struct bech32 *p = c->params;
	uint8_t text[TEXT_MAX];
	size_t at, n;
	uint32_t rest;

	if (v.len > (p->witness ? WITNESS_MAX : TEXT_MAX) || !one_case(v, text))
		return false;
	at = v.len;
	while (at > 0 && text[at - 1] != '1')
		at--;
	if (at < 2 || v.len - at < CHECKSUM ||
	    !known_part(p, span_of(text, at - 1)))
		return false;
	n = v.len - at;
	rest = values(span_of(text, at - 1), text + at, n);
	for (unsigned i = 0; i < 2; i++)
		if (rest == variant_rest[i] && (p->variants >> i & 1) != 0)
			return !p->witness ||
			       program_ok(text + at, n - CHECKSUM, i == 1);
	return false;
}

const struct check_op check_bech32_ops[] = {
    {"bech32", bech32, REASON(REASON_CHECKSUM), bech32_params,
     sizeof(struct bech32), &bech32_fresh, NULL},
    {.name = NULL},
};
