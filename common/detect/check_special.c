#include "detect/check_special.h"

#include "model/match.h"

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
static bool
us_ssn(struct span v, const struct check *c)
{
	unsigned area, group, serial;

	(void)c;
	if (v.len != 9)
		return false;
	area = number(v.ptr, 3);
	group = number(v.ptr + 3, 2);
	serial = number(v.ptr + 5, 4);
	if (area == 0 || area == 666 || area > 899)
		return false;
	return group != 0 && serial != 0;
}

const struct check_op check_special_ops[] = {
    {.name = "us_ssn", .run = us_ssn, .reason = REASON(REASON_RANGE)},
    {.name = NULL},
};
