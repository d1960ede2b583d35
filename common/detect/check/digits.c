#include "detect/check/digits.h"

#include <endian.h>
#include <stddef.h>
#include <string.h>

#include "base/str.h"
#include "model/match.h"

/* ---- Luhn: ISO/IEC 7812-1, in base 36 as India's GSTIN ------------------- */

struct luhn {
	int32_t base;       /* 10, 16, 36 */
	struct span prefix; /* digits thought before the value */
};

static const struct luhn luhn_fresh = {.base = 10};

static const struct check_param luhn_params[] = {
    {"base", CHECK_NUMBER, offsetof(struct luhn, base), false, 10, 36, NULL},
    {"prefix", CHECK_TEXT, offsetof(struct luhn, prefix), false, 0, 0, NULL},
    {.name = NULL},
};

/* Doubled digit, with its own digits added up. */
static const uint8_t luhn_double[] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};

/* Of eight digits, the first in the lowest byte; false: not all are digits. */
static bool
luhn_eight(const uint8_t *p, unsigned *sum)
{
	const uint64_t ones = 0x0101010101010101, firsts = 0x00ff00ff00ff00ff;
	uint64_t d, twice, carry;

	memcpy(&d, p, sizeof(d));
	d = le64toh(d) ^ ones * '0';
	if (((d + ones * 0x76) | d) >> 7 & ones)
		return false;
	/* nine less where a doubled digit has two */
	twice = d & firsts;
	carry = (twice + ones * 0x7b) >> 7 & ones;
	twice += twice - carry * 9;
	*sum += (unsigned)((((d & ~firsts) + twice) * ones) >> 56);
	return true;
}

bool
check_luhn(struct span v, const struct check *c)
{
	const uint8_t *p = v.ptr + v.len;
	unsigned sum = 0;
	size_t n;

	(void)c;
	for (n = v.len; n >= 8; n -= 8) {
		p -= 8;
		if (!luhn_eight(p, &sum))
			return false;
	}
	for (size_t i = 0; i < n; i++) {
		unsigned d = (unsigned)p[-1 - (ptrdiff_t)i] - '0';

		if (d > 9)
			return false;
		sum += i % 2 == 1 ? luhn_double[d] : d;
	}
	return v.len > 1 && sum % 10 == 0;
}

/* Adds s from its end on; i counts characters behind it. False: no digit. */
static bool
luhn_add(struct span s, unsigned base, size_t *i, unsigned *sum)
{
	for (size_t k = s.len; k > 0; k--, ++*i) {
		unsigned d = check_value36(s.ptr[k - 1]);

		if (d >= base)
			return false;
		d <<= *i % 2;
		*sum += d >= base ? d - base + 1 : d;
	}
	return true;
}

static bool
luhn_any(struct span v, const struct check *c)
{
	const struct luhn *p = c->params;
	unsigned base = (unsigned)p->base, sum = 0;
	size_t i = 0;

	return v.len > 1 && luhn_add(v, base, &i, &sum) &&
	       luhn_add(p->prefix, base, &i, &sum) && sum % base == 0;
}

static bool
luhn_prepare(struct arena *a, struct check *c, void *params,
	     struct check_wrong *why)
{
	struct luhn *p = params;

	(void)a;
	if (p->base != 10 && p->base != 16 && p->base != 36) {
		*why = (struct check_wrong){"base", "must be 10, 16 or 36"};
		return false;
	}
	c->run = p->base == 10 && p->prefix.len == 0 ? check_luhn : luhn_any;
	return true;
}

/* Letters as two digits first: ISO 6166. */
static bool
luhn_expand(struct span v, const struct check *c)
{
	unsigned sum = 0;
	size_t i = 0;

	(void)c;
	for (size_t k = v.len; k > 0; k--) {
		unsigned d = check_value36(v.ptr[k - 1]);

		if (d > 35 || (d > 9 && k == v.len))
			return false;
		sum += i++ % 2 == 1 ? luhn_double[d % 10] : d % 10;
		if (d > 9)
			sum += i++ % 2 == 1 ? luhn_double[d / 10] : d / 10;
	}
	return v.len > 1 && sum % 10 == 0;
}

/* ---- tables that are walked ---------------------------------------------- */

/* Verhoeff 1969: the dihedral group of the pentagon, and its permutation. */
static const uint8_t verhoeff_times[10][10] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
    {2, 3, 4, 0, 1, 7, 8, 9, 5, 6}, {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
    {4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
    {6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
    {8, 7, 6, 5, 9, 3, 2, 1, 0, 4}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0},
};
static const uint8_t verhoeff_turn[8][10] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
    {5, 8, 0, 3, 7, 9, 6, 1, 4, 2}, {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
    {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
    {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8},
};

static bool
verhoeff(struct span v, const struct check *c)
{
	uint8_t at = 0;

	(void)c;
	for (size_t i = 0; i < v.len; i++) {
		unsigned d = (unsigned)v.ptr[v.len - 1 - i] - '0';

		if (d > 9)
			return false;
		at = verhoeff_times[at][verhoeff_turn[i % 8][d]];
	}
	return v.len > 1 && at == 0;
}

/* Damm 2004: his quasigroup of order ten. */
static const uint8_t damm_next[10][10] = {
    {0, 3, 1, 7, 5, 9, 8, 6, 4, 2}, {7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
    {4, 2, 0, 6, 8, 7, 1, 3, 5, 9}, {1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
    {6, 1, 2, 3, 0, 4, 5, 9, 7, 8}, {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
    {5, 8, 6, 9, 7, 2, 0, 1, 3, 4}, {8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
    {9, 4, 3, 8, 6, 1, 7, 2, 0, 5}, {2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
};

static bool
damm(struct span v, const struct check *c)
{
	uint8_t at = 0;

	(void)c;
	for (size_t i = 0; i < v.len; i++) {
		unsigned d = (unsigned)v.ptr[i] - '0';

		if (d > 9)
			return false;
		at = damm_next[at][d];
	}
	return v.len > 1 && at == 0;
}

/* The references of Swiss payment slips: modulo 10, recursive. */
static bool
mod10_recursive(struct span v, const struct check *c)
{
	static const uint8_t next[] = {0, 9, 4, 6, 8, 2, 7, 1, 3, 5};
	unsigned carry = 0;

	(void)c;
	for (size_t i = 0; i < v.len; i++) {
		unsigned d = (unsigned)v.ptr[i] - '0';

		if (d > 9)
			return false;
		if (i + 1 == v.len)
			return v.len > 1 && (10 - carry) % 10 == d;
		carry = next[(d + carry) % 10];
	}
	return false;
}

/* ---- values that nobody has ---------------------------------------------- */

bool
check_not_all_same(struct span v, const struct check *c)
{
	(void)c;
	for (size_t i = 1; i < v.len; i++)
		if (v.ptr[i] != v.ptr[0])
			return true;
	return false;
}

/* 0123.., 9876.., with 0 behind 9 and before it. */
static bool
not_sequence(struct span v, const struct check *c)
{
	bool up = true, down = true;

	(void)c;
	for (size_t i = 0; i < v.len; i++) {
		unsigned d = (unsigned)v.ptr[i] - '0', last;

		if (d > 9)
			return true;
		if (i == 0)
			continue;
		last = (unsigned)v.ptr[i - 1] - '0';
		up &= d == (last + 1) % 10;
		down &= d == (last + 9) % 10;
	}
	return !up && !down;
}

static bool
not_palindrome(struct span v, const struct check *c)
{
	(void)c;
	for (size_t i = 0; i < v.len / 2; i++)
		if (v.ptr[i] != v.ptr[v.len - 1 - i])
			return true;
	return false;
}

const struct check_op check_digits_ops[] = {
    {"luhn", check_luhn, REASON(REASON_CHECK_DIGIT), luhn_params,
     sizeof(struct luhn), &luhn_fresh, luhn_prepare},
    {.name = "luhn_expand",
     .run = luhn_expand,
     .reason = REASON(REASON_CHECK_DIGIT)},
    {.name = "verhoeff", .run = verhoeff, .reason = REASON(REASON_CHECK_DIGIT)},
    {.name = "damm", .run = damm, .reason = REASON(REASON_CHECK_DIGIT)},
    {.name = "mod10_recursive",
     .run = mod10_recursive,
     .reason = REASON(REASON_CHECK_DIGIT)},
    {.name = "not_all_same", .run = check_not_all_same},
    {.name = "not_sequence", .run = not_sequence},
    {.name = "not_palindrome", .run = not_palindrome},
    {.name = NULL},
};
