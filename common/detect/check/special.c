#include "detect/check/special.h"

#include <string.h>

#include "model/match.h"

/* Value of a decimal digit; above 9 for any other byte. */
static unsigned
digit(uint8_t c)
{
	return (unsigned)(uint8_t)(c - '0');
}

static bool
all_digits(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (digit(p[i]) > 9)
			return false;
	return true;
}

static uint64_t
number(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v * 10 + digit(p[i]);
	return v;
}

/* Place of c in a table of characters, SIZE_MAX when it has none. */
static size_t
place(const char *table, uint8_t c)
{
	const char *at = c == 0 ? NULL : strchr(table, c);

	return at == NULL ? SIZE_MAX : (size_t)(at - table);
}

/*
 * Area 001-899 without 666, group and serial not zero. 219-09-9999 and
 * 078-05-1120 stood in advertisements and were never anybody's again.
 */
static bool
us_ssn(struct span v, const struct check *c)
{
	uint64_t area;

	(void)c;
	if (v.len != 9 || !all_digits(v.ptr, 9))
		return false;
	area = number(v.ptr, 3);
	if (area == 0 || area == 666 || area > 899)
		return false;
	return number(v.ptr + 3, 2) != 0 && number(v.ptr + 5, 4) != 0;
}

/* Driving licences: what the first digit overflows is taken off the second. */
static bool
br_cnh(struct span v, const struct check *c)
{
	unsigned one = 0, two = 0, over;

	(void)c;
	if (v.len != 11 || !all_digits(v.ptr, 11))
		return false;
	for (unsigned i = 0; i < 9; i++) {
		one += digit(v.ptr[i]) * (9 - i);
		two += digit(v.ptr[i]) * (1 + i);
	}
	one %= 11;
	two %= 11;
	over = one == 10 ? 2 : 0;
	one = one == 10 ? 0 : one;
	two = (two + 11 - over) % 11;
	two = two == 10 ? 0 : two;
	return digit(v.ptr[9]) == one && digit(v.ptr[10]) == two;
}

/* Of persons the two first are letters, each with a table of its own. */
static bool
by_unp(struct span v, const struct check *c)
{
	static const uint8_t weights[] = {29, 23, 19, 17, 13, 7, 5, 3};
	unsigned sum = 0, from = 0;

	(void)c;
	if (v.len != 9 || !all_digits(v.ptr + 2, 7))
		return false;
	if (digit(v.ptr[0]) > 9) {
		size_t second = place("ABCEHKMOPT", v.ptr[1]);

		if (place("ABCEHKM", v.ptr[0]) == SIZE_MAX ||
		    second == SIZE_MAX)
			return false;
		sum = check_value36(v.ptr[0]) * 29U + (unsigned)second * 23U;
		from = 2;
	} else if (digit(v.ptr[1]) > 9 || place("1234567", v.ptr[0]) > 6) {
		return false;
	}
	for (unsigned i = from; i < 8; i++)
		sum += digit(v.ptr[i]) * weights[i];
	return sum % 11 == digit(v.ptr[8]);
}

/* Digits at odd places are shuffled, as in the Italian tax code. */
static bool
cy_vat(struct span v, const struct check *c)
{
	static const uint8_t odd[] = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21};
	unsigned sum = 0;

	(void)c;
	if (v.len != 9 || !all_digits(v.ptr, 8))
		return false;
	for (size_t i = 0; i < 8; i++)
		sum += i % 2 == 0 ? odd[digit(v.ptr[i])] : digit(v.ptr[i]);
	return v.ptr[8] == 'A' + sum % 26;
}

/*
 * Of the first ten digits one stands twice or three times, no other does; and
 * three times not in a row.
 */
static bool
de_idnr_digits(struct span v, const struct check *c)
{
	unsigned seen[10] = {0}, twice = 0, most = 0;

	(void)c;
	if (v.len < 10 || !all_digits(v.ptr, 10))
		return false;
	for (size_t i = 0; i < 10; i++) {
		seen[digit(v.ptr[i])]++;
		if (i > 1 && v.ptr[i] == v.ptr[i - 1] &&
		    v.ptr[i] == v.ptr[i - 2])
			return false;
	}
	for (size_t d = 0; d < 10; d++) {
		twice += seen[d] > 1;
		most = seen[d] > most ? seen[d] : most;
	}
	return twice == 1 && most <= 3;
}

/* Orden EHA/451/2008: which kinds have a digit, which a letter, which either */
static bool
es_cif(struct span v, const struct check *c)
{
	static const uint8_t twice[] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
	unsigned sum = 0;
	bool is_digit, is_letter;

	(void)c;
	if (v.len != 9 || !all_digits(v.ptr + 1, 7) ||
	    place("ABCDEFGHJNPQRSUVW", v.ptr[0]) == SIZE_MAX)
		return false;
	for (size_t i = 1; i < 8; i++)
		sum += i % 2 == 1 ? twice[digit(v.ptr[i])] : digit(v.ptr[i]);
	sum = (10 - sum % 10) % 10;
	is_digit = digit(v.ptr[8]) == sum;
	is_letter = v.ptr[8] == (uint8_t) "JABCDEFGHI"[sum];
	if (place("PQRSNW", v.ptr[0]) != SIZE_MAX || number(v.ptr + 1, 2) == 0)
		return is_letter;
	if (place("ABEH", v.ptr[0]) != SIZE_MAX)
		return is_digit;
	return is_digit || is_letter;
}

/* Meter points: sixteen digits modulo 529 as two letters of the table of 23. */
static bool
es_cups(struct span v, const struct check *c)
{
	static const char table[] = "TRWAGMYFPDXBNJZSQVHLCKE";
	unsigned rest;

	(void)c;
	if ((v.len != 20 && v.len != 22) || v.ptr[0] != 'E' ||
	    v.ptr[1] != 'S' || !all_digits(v.ptr + 2, 16))
		return false;
	rest = (unsigned)(number(v.ptr + 2, 16) % 529);
	if (v.ptr[18] != (uint8_t)table[rest / 23] ||
	    v.ptr[19] != (uint8_t)table[rest % 23])
		return false;
	return v.len == 20 || (digit(v.ptr[20]) <= 9 &&
			       place("FPRCXYZ", v.ptr[21]) != SIZE_MAX);
}

/* The two characters before the SIREN: digits, or one a letter. */
static bool
fr_vat_key(struct span v, const struct check *c)
{
	static const char table[] = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
	uint64_t siren, key;
	size_t one, two;

	(void)c;
	if (v.len != 11 || !all_digits(v.ptr + 2, 9))
		return false;
	siren = number(v.ptr + 2, 9);
	one = place(table, v.ptr[0]);
	two = place(table, v.ptr[1]);
	if (one == SIZE_MAX || two == SIZE_MAX)
		return false;
	if (one < 10 && two < 10)
		return one * 10 + two == (12 + 3 * (siren % 97)) % 97;
	if (one < 10)
		key = one * 24 + two - 10;
	else
		key = one * 34 + two - 100;
	return (siren + 1 + key / 11) % 11 == key % 11;
}

/* The carry of the ninth product is added. */
static bool
kr_brn(struct span v, const struct check *c)
{
	static const uint8_t weights[] = {1, 3, 7, 1, 3, 7, 1, 3, 5};
	unsigned sum;

	(void)c;
	if (v.len != 10 || !all_digits(v.ptr, 10))
		return false;
	sum = digit(v.ptr[8]) * 5 / 10;
	for (size_t i = 0; i < 9; i++)
		sum += digit(v.ptr[i]) * weights[i];
	return (sum + digit(v.ptr[9])) % 10 == 0;
}

/* Like Luhn, but letters lose nine once only. */
static bool
pt_cc(struct span v, const struct check *c)
{
	unsigned sum = 0;

	(void)c;
	if (v.len != 12 || !all_digits(v.ptr, 9) || digit(v.ptr[11]) > 9)
		return false;
	for (size_t i = 0; i < 12; i++) {
		unsigned d = check_value36(v.ptr[i]);

		if (d > 35)
			return false;
		if (i % 2 == 0)
			d = 2 * d > 9 ? 2 * d - 9 : 2 * d;
		sum += d;
	}
	return sum % 10 == 0;
}

static bool
tr_tckn(struct span v, const struct check *c)
{
	unsigned odd = 0, even = 0, tenth;

	(void)c;
	if (v.len != 11 || !all_digits(v.ptr, 11) || v.ptr[0] == '0')
		return false;
	for (size_t i = 0; i < 9; i += 2)
		odd += digit(v.ptr[i]);
	for (size_t i = 1; i < 8; i += 2)
		even += digit(v.ptr[i]);
	tenth = (odd * 7 + 90 - even) % 10;
	return digit(v.ptr[9]) == tenth &&
	       digit(v.ptr[10]) == (odd + even + tenth) % 10;
}

/* Each digit is moved by its place, then multiplied by a power of two mod 9. */
static bool
tr_vkn(struct span v, const struct check *c)
{
	unsigned sum = 0;

	(void)c;
	if (v.len != 10 || !all_digits(v.ptr, 10))
		return false;
	for (unsigned i = 0; i < 9; i++) {
		unsigned d = (digit(v.ptr[i]) + 9 - i) % 10;
		unsigned p = d * (1U << (9 - i)) % 9;

		sum += d != 0 && p == 0 ? 9 : p;
	}
	return (sum + digit(v.ptr[9])) % 10 == 0;
}

/* Residents before 2021 have a second letter, of whose code the unit counts. */
static bool
tw_ui(struct span v, const struct check *c)
{
	static const char codes[] = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
	unsigned sum, second;
	size_t code;

	(void)c;
	if (v.len != 10 || !all_digits(v.ptr + 2, 8))
		return false;
	code = place(codes, v.ptr[0]);
	if (code == SIZE_MAX)
		return false;
	code += 10;
	second = (unsigned)place("ABCD", v.ptr[1]);
	if (v.ptr[1] == '8' || v.ptr[1] == '9')
		second = digit(v.ptr[1]);
	else if (second > 3)
		return false;
	sum = (unsigned)(code / 10 + code % 10 * 9) + second * 8 +
	      digit(v.ptr[9]);
	for (unsigned i = 2; i < 9; i++)
		sum += digit(v.ptr[i]) * (9 - i);
	return sum % 10 == 0;
}

/* ---- New Zealand: the bank chooses the rule ------------------------------ */

/* Weights of branch (4), base (8) and suffix (4), as Inland Revenue has them;
 * 'A' is ten. */
enum nz_kind { NZ_NONE, NZ_A, NZ_B, NZ_D, NZ_E, NZ_F, NZ_G, NZ_X };
static const struct nz_rule {
	const char *weights;
	unsigned fold, modulus; /* a product above fold is taken modulo it */
} nz_rules[] = {
    [NZ_A] = {"637900A584210000", 11, 11},
    [NZ_B] = {"000000A584210000", 11, 11},
    [NZ_D] = {"0000076543210000", 11, 11},
    [NZ_E] = {"0000000054320001", 9, 11},
    [NZ_F] = {"0000017317310000", 10, 10},
    [NZ_G] = {"0000013713710371", 9, 10},
    [NZ_X] = {"0000000000000000", 1, 1},
};

/* By the number of the bank; none: no such bank. */
static const uint8_t nz_banks[40] = {
    [1] = NZ_A,  [2] = NZ_A,  [3] = NZ_A,  [4] = NZ_A,  [6] = NZ_A,
    [8] = NZ_D,  [9] = NZ_E,  [10] = NZ_A, [11] = NZ_A, [12] = NZ_A,
    [13] = NZ_A, [14] = NZ_A, [15] = NZ_A, [16] = NZ_A, [17] = NZ_A,
    [18] = NZ_A, [19] = NZ_A, [20] = NZ_A, [21] = NZ_A, [22] = NZ_A,
    [23] = NZ_A, [24] = NZ_A, [25] = NZ_F, [26] = NZ_G, [27] = NZ_A,
    [28] = NZ_G, [29] = NZ_G, [30] = NZ_A, [31] = NZ_X, [33] = NZ_F,
    [35] = NZ_A, [38] = NZ_A};

/* 2-4-7-2 or 2-4-7-3 digits, as they are written. */
static bool
nz_bankaccount(struct span v, const struct check *c)
{
	/* places of branch, base of eight and suffix of four; 15, 16: a zero */
	uint8_t wide[16] = "0000000000000000";
	const struct nz_rule *rule;
	uint64_t bank;
	unsigned sum = 0, kind;

	(void)c;
	if ((v.len != 15 && v.len != 16) || !all_digits(v.ptr, v.len))
		return false;
	bank = number(v.ptr, 2);
	kind = bank < sizeof(nz_banks) ? nz_banks[bank] : NZ_NONE;
	if (kind == NZ_NONE)
		return false;
	if (kind == NZ_A && number(v.ptr + 6, 7) >= 990000)
		kind = NZ_B;
	memcpy(wide, v.ptr + 2, 4);
	memcpy(wide + 5, v.ptr + 6, 7);
	memcpy(wide + 16 - (v.len - 13), v.ptr + 13, v.len - 13);
	rule = &nz_rules[kind];
	for (size_t i = 0; i < 16; i++) {
		unsigned p =
		    digit(wide[i]) * check_value36((uint8_t)rule->weights[i]);

		sum += p > rule->fold ? p % rule->fold : p;
	}
	return sum % rule->modulus == 0;
}

#define OP(name)                                                               \
	{                                                                      \
#name, name, REASON(REASON_CHECK_DIGIT), NULL, 0, NULL, NULL   \
	}
const struct check_op check_special_ops[] = {
    {.name = "us_ssn", .run = us_ssn, .reason = REASON(REASON_RANGE)},
    {.name = "de_idnr_digits", .run = de_idnr_digits},
    OP(br_cnh),
    OP(by_unp),
    OP(cy_vat),
    OP(es_cif),
    OP(es_cups),
    OP(fr_vat_key),
    OP(kr_brn),
    OP(nz_bankaccount),
    OP(pt_cc),
    OP(tr_tckn),
    OP(tr_vkn),
    OP(tw_ui),
    {.name = NULL},
};
