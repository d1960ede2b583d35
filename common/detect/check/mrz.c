#include "detect/check/mrz.h"

#include "model/match.h"

#define ZONE 90 /* characters of the longest: td1 */

/* A stretch of the zone, its line ends left out. */
struct part {
	uint8_t from, to;
};

/* What one check digit is taken of. */
struct digit {
	uint8_t at;
	bool may_lack;        /* '<' when all of it is '<' */
	struct part parts[4]; /* to 0: no more */
};

/*
 * ICAO Doc 9303: part 5 (td1), 6 (td2), 4 (td3), 7 (visas). Of the first digit
 * a td1 or td2 may have '<', when the number goes on in the optional data.
 */
static const struct layout {
	uint8_t size;
	bool long_number; /* may go on elsewhere */
	struct digit digits[5];
	struct part dates[2];
	uint8_t sex;
} layouts[] = {
    {90,
     true,
     {{14, false, {{5, 14}}},
      {36, false, {{30, 36}}},
      {44, false, {{38, 44}}},
      {59, false, {{5, 30}, {30, 37}, {38, 45}, {48, 59}}}},
     {{30, 36}, {38, 44}},
     37},
    {72,
     true,
     {{45, false, {{36, 45}}},
      {55, false, {{49, 55}}},
      {63, false, {{57, 63}}},
      {71, false, {{36, 46}, {49, 56}, {57, 71}}}},
     {{49, 55}, {57, 63}},
     56},
    {88,
     false,
     {{53, false, {{44, 53}}},
      {63, false, {{57, 63}}},
      {71, false, {{65, 71}}},
      {86, true, {{72, 86}}},
      {87, false, {{44, 54}, {57, 64}, {65, 87}}}},
     {{57, 63}, {65, 71}},
     64},
    {88,
     false,
     {{53, false, {{44, 53}}},
      {63, false, {{57, 63}}},
      {71, false, {{65, 71}}}},
     {{57, 63}, {65, 71}},
     64},
    {72,
     false,
     {{45, false, {{36, 45}}},
      {55, false, {{49, 55}}},
      {63, false, {{57, 63}}}},
     {{49, 55}, {57, 63}},
     56},
};

static const char *const layout_words[] = {"td1",  "td2",  "td3",
					   "mrva", "mrvb", NULL};

struct mrz {
	int32_t layout;
};

static const struct check_param mrz_params[] = {
    {"layout", CHECK_CHOICE, offsetof(struct mrz, layout), true, 0, 0,
     layout_words},
    {.name = NULL},
};

static unsigned
value(uint8_t c)
{
	return c == '<' ? 0 : check_value36(c);
}

static bool
digit_ok(const uint8_t *zone, const struct digit *d)
{
	static const uint8_t weights[] = {7, 3, 1};
	unsigned sum = 0, n = 0;

	for (size_t p = 0; p < 4 && d->parts[p].to > 0; p++)
		for (size_t i = d->parts[p].from; i < d->parts[p].to; i++)
			sum += value(zone[i]) * weights[n++ % 3];
	if (zone[d->at] == '<')
		return d->may_lack && sum == 0;
	return zone[d->at] == '0' + sum % 10;
}

/* YYMMDD; '<' where it is not known. */
static bool
date_ok(const uint8_t *p)
{
	unsigned month = (p[2] - '0') * 10U + p[3] - '0';
	unsigned day = (p[4] - '0') * 10U + p[5] - '0';

	for (size_t i = 0; i < 6; i++)
		if (p[i] != '<' && (p[i] < '0' || p[i] > '9'))
			return false;
	if (p[2] != '<' && p[3] != '<' && (month < 1 || month > 12))
		return false;
	return p[4] == '<' || p[5] == '<' || (day >= 1 && day <= 31);
}

/* The characters of the zone; 0 when there is any that none has. */
static size_t
gather(struct span v, uint8_t zone[ZONE])
{
	size_t n = 0;

	for (size_t i = 0; i < v.len; i++) {
		uint8_t c = v.ptr[i];

		if (c == '\n' || c == '\r' || c == ' ' || c == '\t')
			continue;
		if (n == ZONE || (c != '<' && check_value36(c) > 35))
			return 0;
		zone[n++] = c;
	}
	return n;
}

static bool
mrz(struct span v, const struct check *c)
{
	const struct mrz *p = c->params;
	const struct layout *l = &layouts[p->layout];
	uint8_t zone[ZONE], sex;

	if (gather(v, zone) != l->size)
		return false;
	for (size_t i = 0; i < 5 && l->digits[i].at > 0; i++) {
		if (i == 0 && l->long_number && zone[l->digits[0].at] == '<')
			continue;
		if (!digit_ok(zone, &l->digits[i]))
			return false;
	}
	sex = zone[l->sex];
	return (sex == 'M' || sex == 'F' || sex == '<' || sex == 'X') &&
	       date_ok(zone + l->dates[0].from) &&
	       date_ok(zone + l->dates[1].from);
}

const struct check_op check_mrz_ops[] = {
    {"mrz", mrz, REASON(REASON_CHECK_DIGIT), mrz_params, sizeof(struct mrz),
     NULL, NULL},
    {.name = NULL},
};
