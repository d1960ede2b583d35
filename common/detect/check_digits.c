#include "detect/check_digits.h"

#include <string.h>

/* Doubled digit, with its own digits added up. */
static const uint8_t luhn_double[] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};

bool
check_luhn(struct span v, const struct check_args *a)
{
	unsigned sum = 0;

	(void)a;
	for (size_t i = 0; i < v.len; i++) {
		unsigned d = (unsigned)v.ptr[v.len - 1 - i] - '0';

		if (d > 9)
			return false;
		sum += i % 2 == 1 ? luhn_double[d] : d;
	}
	return v.len > 1 && sum % 10 == 0;
}

static unsigned
mod97_step(unsigned rest, uint8_t c)
{
	if (c >= '0' && c <= '9')
		return (rest * 10 + c - '0') % 97;
	if (c >= 'A' && c <= 'Z')
		return (rest * 100 + c - 'A' + 10) % 97;
	return 98; /* no such value: stays wrong */
}

bool
check_iso7064_97_10(struct span v, const struct check_args *a)
{
	unsigned rest = 0;

	(void)a;
	if (v.len < 5)
		return false;
	for (size_t i = 0; i < v.len && rest < 97; i++)
		rest = mod97_step(rest, v.ptr[(i + 4) % v.len]);
	return rest == 1;
}

static unsigned
number(const uint8_t *p, size_t n)
{
	unsigned v = 0;

	for (size_t i = 0; i < n; i++)
		v = v * 10 + p[i] - '0';
	return v;
}

/*
 * Area 001-899 without 666, group and serial not zero. 219-09-9999 and
 * 078-05-1120 stood in advertisements and were never anybody's again.
 */
bool
check_us_ssn(struct span v, const struct check_args *a)
{
	unsigned area, group, serial;

	(void)a;
	if (v.len != 9)
		return false;
	area = number(v.ptr, 3);
	group = number(v.ptr + 3, 2);
	serial = number(v.ptr + 5, 4);
	if (area == 0 || area == 666 || area > 899)
		return false;
	return group != 0 && serial != 0;
}

bool
check_not_all_same(struct span v, const struct check_args *a)
{
	(void)a;
	for (size_t i = 1; i < v.len; i++)
		if (v.ptr[i] != v.ptr[0])
			return true;
	return false;
}
