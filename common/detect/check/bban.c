#include "detect/check/bban.h"

#include <string.h>

#include "detect/check/digits.h"
#include "detect/check/iso7064.h"
#include "detect/check/italy.h"
#include "model/match.h"

/*
 * The check digits that countries had before the IBAN and kept inside it.
 * Where a country is not named here, its national part has none that are
 * published and hold for all its banks. All positions are those of the IBAN.
 */

/* ---- weighted sums: the complement stands at `at`, as its map has it ----- */

static const char mod10[] = "0123456789";
static const char mod11[] = "0123456789";  /* ten is not given out */
static const char spain[] = "01234567891"; /* ten is one */

static const struct sum {
	char country[3];
	uint8_t from, to, at;
	const char *weights; /* 'A' is ten */
	uint8_t modulus;
	const char *map;
} sums[] = {
    {"AL", 4, 11, 11, "9731973", 10, mod10},
    {"CZ", 4 + 4, 13, 13, "A5842", 11, mod11},
    {"CZ", 14, 23, 23, "6379A5842", 11, mod11},
    {"EE", 6, 19, 19, "7137137137137", 10, mod10},
    {"ES", 4, 12, 12, "485A9736", 11, spain},
    {"ES", 14, 24, 13, "12485A9736", 11, spain},
    {"HU", 4, 11, 11, "9731973", 10, mod10},
    {"HU", 12, 27, 27, "973197319731973", 10, mod10},
    {"IS", 16, 24, 24, "32765432", 11, mod11},
    {"NO", 4, 14, 14, "5432765432", 11, mod11},
    {"PL", 4, 11, 11, "3971397", 10, mod10},
    {"SK", 4 + 4, 13, 13, "A5842", 11, mod11},
    {"SK", 14, 23, 23, "6379A5842", 11, mod11},
};

static bool
sum_ok(const uint8_t *p, const struct sum *s)
{
	unsigned sum = 0;

	for (size_t i = s->from; i < s->to; i++) {
		unsigned d = (unsigned)(uint8_t)(p[i] - '0');
		uint8_t w = (uint8_t)s->weights[i - s->from];

		if (d > 9)
			return false;
		sum += d * check_value36(w);
	}
	sum = (s->modulus - sum % s->modulus) % s->modulus;
	return sum < strlen(s->map) && p[s->at] == (uint8_t)s->map[sum];
}

/* ---- the whole national part modulo 97 ----------------------------------- */

/* MOD 97-10 of ISO/IEC 7064: 1. The French RIB, with its letters: 0. */
static const char iso_countries[] = "AO BA CV ME MK MZ PT RS SI ST TL XK ";
static const char rib_countries[] = "BF BI BJ CF CG CI CM DJ FR GA GQ KM MA MC "
				    "MG ML MR NE SN TD TG TN ";

static bool
named(const char *countries, const uint8_t *p)
{
	for (; *countries != 0; countries += 3)
		if ((uint8_t)countries[0] == p[0] &&
		    (uint8_t)countries[1] == p[1])
			return true;
	return false;
}

/* A and J are 1, as is what follows them in turn; S is 2. */
static unsigned
rib_value(uint8_t c)
{
	unsigned v = check_value36(c);

	if (v < 10)
		return v;
	return v < 28 ? (v - 10) % 9 + 1 : v - 26;
}

static bool
rib_ok(const uint8_t *p, size_t n)
{
	unsigned rest = 0;

	for (size_t i = 4; i < n; i++)
		rest = (rest * 10 + rib_value(p[i])) % 97;
	return rest == 0;
}

static bool
iso_ok(const uint8_t *p, size_t n)
{
	unsigned rest = 0;

	for (size_t i = 4; i < n; i++) {
		unsigned v = check_value36(p[i]);

		rest = (rest * (v > 9 ? 100 : 10) + v) % 97;
	}
	return rest == 1;
}

/* ---- countries with a rule of their own ---------------------------------- */

typedef bool rule_fn(const uint8_t *p, size_t n);

/* Ten digits modulo 97, where 0 is written 97. */
static bool
belgium(const uint8_t *p, size_t n)
{
	unsigned rest = 0;

	(void)n;
	for (size_t i = 4; i < 14; i++)
		rest = (rest * 10 + p[i] - '0') % 97;
	rest = rest == 0 ? 97 : rest;
	return p[14] == '0' + rest / 10 && p[15] == '0' + rest % 10;
}

static bool
croatia(const uint8_t *p, size_t n)
{
	return check_iso7064_11_10(span_of(p + 4, 7), NULL) &&
	       check_iso7064_11_10(span_of(p + 11, n - 11), NULL);
}

static bool
finland(const uint8_t *p, size_t n)
{
	return check_luhn(span_of(p + 4, n - 4), NULL);
}

/* The letter before bank, branch and account. */
static bool
italy(const uint8_t *p, size_t n)
{
	return check_italy_letter(span_of(p + 5, n - 5)) == p[4];
}

/* The "elfproef"; numbers of the former Postbank have none. */
static bool
netherlands(const uint8_t *p, size_t n)
{
	unsigned sum = 0;

	if (memcmp(p + 4, "INGB", 4) == 0 || memcmp(p + 8, "000", 3) == 0)
		return true;
	for (size_t i = 8; i < n; i++)
		sum += (unsigned)(p[i] - '0') * (unsigned)(n - i);
	return sum % 11 == 0;
}

/* The digit behind the bank is kept for later. */
static bool
turkey(const uint8_t *p, size_t n)
{
	(void)n;
	return p[9] == '0';
}

static const struct own {
	char country[3];
	uint8_t size; /* of the IBAN, which the rule may rely on */
	rule_fn *ok;
} owns[] = {
    {"BE", 16, belgium},     {"FI", 18, finland}, {"HR", 21, croatia},
    {"IT", 27, italy},       {"SM", 27, italy},   {"TR", 26, turkey},
    {"NL", 18, netherlands},
};

static bool
iban_bban(struct span v, const struct check *c)
{
	(void)c;
	if (v.len < 15)
		return false;
	for (size_t i = 0; i < sizeof(owns) / sizeof(owns[0]); i++)
		if (memcmp(owns[i].country, v.ptr, 2) == 0)
			return v.len == owns[i].size &&
			       owns[i].ok(v.ptr, v.len);
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++)
		if (memcmp(sums[i].country, v.ptr, 2) == 0 &&
		    (v.len < sums[i].to || v.len <= sums[i].at ||
		     !sum_ok(v.ptr, &sums[i])))
			return false;
	if (named(iso_countries, v.ptr))
		return iso_ok(v.ptr, v.len);
	return !named(rib_countries, v.ptr) || rib_ok(v.ptr, v.len);
}

const struct check_op check_bban_ops[] = {
    {.name = "iban_bban",
     .run = iban_bban,
     .reason = REASON(REASON_CHECK_DIGIT)},
    {.name = NULL},
};
