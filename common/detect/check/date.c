#include "detect/check/date.h"

#include <string.h>

#include "model/match.h"

/* Nobody is born, and nothing issued, after it: fixed, so that the same text
 * gives the same matches whenever it is read. */
#define LAST_YEAR 2035

#define LAYOUT_MAX 16
#define UNKNOWN    0 /* century */

struct date {
	struct span layout, century;
	int32_t century_at, min_year, max_year;
	struct check_numbers month_add, month_century, day_add;
	bool unknown;
	/* prepared */
	int16_t century_of[36];                 /* by character; -1: refused */
	int16_t century_fixed;                  /* UNKNOWN: none is */
	int32_t years, months, days, centuries; /* digits of each */
	uint8_t year_at[LAYOUT_MAX], month_at[LAYOUT_MAX], day_at[LAYOUT_MAX],
	    century_in[LAYOUT_MAX]; /* where they stand in the layout */
	uint64_t month_may[2]; /* a bit for each number that may be a month */
	struct check_slice slice;
	bool sliced;
};

static const struct date date_fresh = {
    .century_at = CHECK_NONE, .min_year = 0, .max_year = LAST_YEAR};

#define AT(field) offsetof(struct date, field)
static const struct check_param date_params[] = {
    {"layout", CHECK_TEXT, AT(layout), true, 0, 0, NULL},
    {"century", CHECK_TEXT, AT(century), false, 0, 0, NULL},
    {"century_at", CHECK_NUMBER, AT(century_at), false, -64, 63, NULL},
    {"month_add", CHECK_NUMBERS, AT(month_add), false, 0, 87, NULL},
    {"month_century", CHECK_NUMBERS, AT(month_century), false, 0, 99, NULL},
    {"day_add", CHECK_NUMBERS, AT(day_add), false, 0, 600, NULL},
    {"min_year", CHECK_NUMBER, AT(min_year), false, 0, 9999, NULL},
    {"max_year", CHECK_NUMBER, AT(max_year), false, 0, 9999, NULL},
    {"unknown", CHECK_FLAG, AT(unknown), false, 0, 0, NULL},
    {.name = NULL},
};
#undef AT

struct reading {
	int32_t year, month, day;
	int32_t century; /* UNKNOWN when it is not told */
};

static bool
leap(int32_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int32_t
days_of(int32_t year, int32_t month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30,
				       31, 31, 30, 31, 30, 31};

	return month == 2 && leap(year) ? 29 : days[month - 1];
}

static bool
take_century(const struct date *p, uint8_t c, struct reading *r)
{
	unsigned v = check_value36(c);

	if (v > 35 || p->century_of[v] < 0)
		return false;
	r->century = p->century_of[v];
	return true;
}

/* The number whose n digits stand at those places. */
static bool
take(const uint8_t *text, const uint8_t *at, int32_t n, int32_t *out)
{
	int32_t v = 0;

	for (int32_t i = 0; i < n; i++) {
		unsigned d = (unsigned)text[at[i]] - '0';

		if (d > 9)
			return false;
		v = v * 10 + (int32_t)d;
	}
	*out = v;
	return true;
}

/* The month first: of any digits most are none. */
static bool
take_all(const struct date *p, const uint8_t *text, struct reading *r)
{
	if (!take(text, p->month_at, p->months, &r->month))
		return false;
	if (p->months > 0 &&
	    (p->month_may[r->month / 64] >> (r->month % 64) & 1) == 0)
		return false;
	return take(text, p->day_at, p->days, &r->day) &&
	       take(text, p->year_at, p->years, &r->year) &&
	       (p->centuries == 0 ||
		take_century(p, text[p->century_in[0]], r));
}

/* The last years of a century that may be; three digits are those of JMBG. */
static int32_t
full_year(const struct date *p, const struct reading *r)
{
	if (p->years == 4)
		return r->year;
	if (p->years == 3)
		return r->year + (r->year < 800 ? 2000 : 1000);
	if (r->century != UNKNOWN)
		return r->century * 100 + r->year;
	return r->year + 2000; /* of those the one with most leap years */
}

static bool
year_ok(const struct date *p, const struct reading *r, int32_t year)
{
	if (p->years < 3 && r->century == UNKNOWN)
		return true;
	return year >= p->min_year && year <= p->max_year;
}

static bool
day_ok(const struct date *p, const struct reading *r, int32_t year,
       int32_t month)
{
	int32_t last = p->days == 3 ? 365 + leap(year) : days_of(year, month);

	if (p->days == 0 || (p->unknown && r->day == 0))
		return true;
	for (size_t i = 0; i < p->day_add.n; i++)
		if (r->day > p->day_add.v[i] &&
		    r->day - p->day_add.v[i] <= last)
			return true;
	return false;
}

/* With the i-th number taken off the month. */
static bool
month_ok(const struct date *p, struct reading r, size_t i)
{
	int32_t month = r.month - p->month_add.v[i], year;

	if (i < p->month_century.n)
		r.century = p->month_century.v[i];
	year = full_year(p, &r);
	if (!year_ok(p, &r, year))
		return false;
	if (p->months == 0)
		return day_ok(p, &r, year, 1);
	if (p->unknown && month == 0)
		return p->days == 0 || r.day <= 31;
	return month >= 1 && month <= 12 && day_ok(p, &r, year, month);
}

static bool
date(struct span v, const struct check *c)
{
	const struct date *p = c->params;
	struct reading r = {.century = p->century_fixed};
	struct span cut = v, sign;

	if (p->century_at != CHECK_NONE) {
		struct check_slice one = {p->century_at, p->century_at + 1};

		if (p->century_at == -1)
			one.to = CHECK_END;
		if (!check_cut(v, one, &sign) ||
		    !take_century(p, sign.ptr[0], &r))
			return false;
	}
	if (p->sliced && !check_cut(v, p->slice, &cut))
		return false;
	if (cut.len < p->layout.len || !take_all(p, cut.ptr, &r))
		return false;
	for (size_t i = 0; i < p->month_add.n; i++)
		if (month_ok(p, r, i))
			return true;
	return false;
}

/* ---- preparing ----------------------------------------------------------- */

/* Where a kind of character stands; gives how many there are. */
static int32_t
places_of(struct span layout, uint8_t kind, uint8_t at[LAYOUT_MAX])
{
	int32_t n = 0;

	for (size_t i = 0; i < layout.len; i++)
		if (layout.ptr[i] == kind)
			at[n++] = (uint8_t)i;
	return n;
}

static bool
layout_prepare(struct date *p)
{
	if (p->layout.len > LAYOUT_MAX)
		return false;
	for (size_t i = 0; i < p->layout.len; i++)
		if (strchr("YMDC.", p->layout.ptr[i]) == NULL)
			return false;
	p->years = places_of(p->layout, 'Y', p->year_at);
	p->months = places_of(p->layout, 'M', p->month_at);
	p->days = places_of(p->layout, 'D', p->day_at);
	p->centuries = places_of(p->layout, 'C', p->century_in);
	return p->years >= 2 && p->years <= 4 && p->months % 2 == 0 &&
	       p->months <= 2 && p->centuries <= 1 &&
	       (p->days == 0 || p->days == (p->months == 0 ? 3 : 2));
}

static void
months_prepare(struct date *p)
{
	for (size_t i = 0; i < p->month_add.n; i++)
		for (int32_t m = p->unknown ? 0 : 1; m <= 12; m++) {
			int32_t n = p->month_add.v[i] + m;

			p->month_may[n / 64] |= UINT64_C(1) << (n % 64);
		}
}

/* "19", or "1=19 2=19 A=20". */
static bool
century_prepare(struct date *p)
{
	const uint8_t *s = p->century.ptr;
	size_t n = p->century.len;

	memset(p->century_of, -1, sizeof(p->century_of));
	if (n == 2 && s[0] >= '0' && s[0] <= '9' && s[1] >= '0' &&
	    s[1] <= '9') {
		p->century_fixed = (int16_t)((s[0] - '0') * 10 + s[1] - '0');
		return true;
	}
	for (size_t i = 0; i < n;) {
		unsigned key = check_value36(s[i]);
		int v = 0;

		if (key > 35 || i + 2 >= n || s[i + 1] != '=')
			return false;
		for (i += 2; i < n && s[i] != ' '; i++) {
			if (s[i] < '0' || s[i] > '9' || v > 9)
				return false;
			v = v * 10 + s[i] - '0';
		}
		p->century_of[key] = (int16_t)v;
		while (i < n && s[i] == ' ')
			i++;
	}
	return true;
}

/* None said: nothing is added. */
static bool
add_default(struct arena *a, struct check_numbers *add)
{
	int32_t *v;

	if (add->n > 0)
		return true;
	v = arena_take(a, sizeof(*v));
	*add = (struct check_numbers){v, v != NULL};
	return v != NULL;
}

static bool
date_prepare(struct arena *a, struct check *c, void *params,
	     struct check_wrong *why)
{
	struct date *p = params;
	bool sign = p->century_at != CHECK_NONE;

	if (!add_default(a, &p->month_add) || !add_default(a, &p->day_add))
		return false;
	p->slice = c->slice;
	p->sliced = c->sliced;
	c->sliced = false;
	months_prepare(p);
	if (!layout_prepare(p))
		*why = (struct check_wrong){
		    "layout", "must be of Y (2 to 4), M and D (none or 2; D 3 "
			      "without M), C and '.', like \"CYYMMDD\""};
	else if (!century_prepare(p))
		*why = (struct check_wrong){
		    "century", "must be like \"19\" or \"1=19 2=19 A=20\""};
	else if ((p->centuries > 0 || sign) &&
		 (p->century.len == 0 || p->century_fixed != UNKNOWN))
		*why = (struct check_wrong){
		    "century", "must say what each sign means: \"1=19 2=20\""};
	else if (p->centuries > 0 && sign)
		*why = (struct check_wrong){"century_at",
					    "goes without a C in layout"};
	else if (p->month_century.n > 0 && p->month_century.n != p->month_add.n)
		*why = (struct check_wrong){"month_century",
					    "must be as many as month_add"};
	else
		return true;
	return false;
}

const struct check_op check_date_ops[] = {
    {"date", date, REASON(REASON_STRUCTURE), date_params, sizeof(struct date),
     &date_fresh, date_prepare},
    {.name = NULL},
};
