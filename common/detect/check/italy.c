#include "detect/check/italy.h"

#include <string.h>

#include "model/match.h"

/*
 * The tables of the decree of 23 December 1976. What stands at odd places, the
 * first being one, is shuffled; at even places it counts as it is.
 */
static const uint8_t odd[36] = {
    1, 0, 5,  7,  9,  13, 15, 17, 19, 21, /* 0-9 */
    1, 0, 5,  7,  9,  13, 15, 17, 19, 21, /* A-J */
    2, 4, 18, 20, 11, 3,  6,  8,  12, 14, 16, 10, 22, 25, 24, 23};

uint8_t
check_italy_letter(struct span s)
{
	unsigned sum = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned v = check_value36(s.ptr[i]);

		if (v > 35)
			return 0;
		sum += i % 2 == 0 ? odd[v] : v < 10 ? v : v - 10;
	}
	return (uint8_t)('A' + sum % 26);
}

/* A digit, or the letter for it when two people would have the same code. */
static unsigned
digit(uint8_t c)
{
	static const char omocodia[] = "LMNPQRSTUV";
	const char *at;

	if (c >= '0' && c <= '9')
		return (unsigned)c - '0';
	at = c == 0 ? NULL : strchr(omocodia, c);
	return at == NULL ? 10 : (unsigned)(at - omocodia);
}

/* False when one of n is no digit. */
static bool
digits(const uint8_t *p, size_t n, unsigned *out)
{
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (digit(p[i]) > 9)
			return false;
		*out = *out * 10 + digit(p[i]);
	}
	return true;
}

/* Consonants, then vowels, then X where the name is too short. */
static bool
name_ok(const uint8_t p[3])
{
	unsigned stage = 0;

	for (size_t i = 0; i < 3; i++) {
		bool vowel = strchr("AEIOU", p[i]) != NULL;

		if (p[i] < 'A' || p[i] > 'Z')
			return false;
		if (vowel && stage == 2)
			return false;
		if (!vowel && stage > 0 && p[i] != 'X')
			return false;
		if (vowel)
			stage = 1;
		else if (stage == 1)
			stage = 2;
	}
	return true;
}

/* The letter of the month and the day, 40 more for women. */
static bool
birthday_ok(uint8_t month, unsigned day)
{
	static const char months[] = "ABCDEHLMPRST";
	static const uint8_t days[] = {31, 29, 31, 30, 31, 30,
				       31, 31, 30, 31, 30, 31};
	const char *at = month == 0 ? NULL : strchr(months, month);

	if (at == NULL)
		return false;
	day = day > 40 ? day - 40 : day;
	return day >= 1 && day <= days[at - months];
}

static bool
it_codicefiscale(struct span v, const struct check *c)
{
	unsigned year, day, place;

	(void)c;
	if (v.len != 16 || !name_ok(v.ptr) || !name_ok(v.ptr + 3) ||
	    !digits(v.ptr + 6, 2, &year) || !digits(v.ptr + 9, 2, &day) ||
	    !digits(v.ptr + 12, 3, &place))
		return false;
	return birthday_ok(v.ptr[8], day) && v.ptr[11] >= 'A' &&
	       v.ptr[11] <= 'Z' &&
	       check_italy_letter(span_of(v.ptr, 15)) == v.ptr[15];
}

const struct check_op check_italy_ops[] = {
    {.name = "it_codicefiscale",
     .run = it_codicefiscale,
     .reason = REASON(REASON_CHECK_DIGIT) | REASON(REASON_STRUCTURE)},
    {.name = NULL},
};
