#include "extract/data/jetvalue.h"

#include <stdio.h>
#include <string.h>

#include "extract/data/sqlitepage.h"
#include "extract/ole/le.h"

#define DECIMAL_LEN 17
#define DIGITS_MAX  40

/* ---- numbers ---------------------------------------------------------------
 */

/* Digits with a point before the last `scale` of them, without its zeros. */
static size_t
put_scaled(bool minus, const char *digits, unsigned scale, char *dst,
	   size_t room)
{
	size_t len = strlen(digits), whole = len > scale ? len - scale : 0;
	int n = snprintf(dst, room, "%s%.*s", minus ? "-" : "", (int)whole,
			 whole > 0 ? digits : "");

	if (whole == 0)
		n += snprintf(dst + n, room - (size_t)n, "0");
	while (len > whole && digits[len - 1] == '0')
		len--;
	if (len > whole)
		n += snprintf(dst + n, room - (size_t)n, ".%.*d%.*s",
			      (int)(scale - (strlen(digits) - whole)), 0,
			      (int)(len - whole), digits + whole);
	return (size_t)n;
}

static size_t
money(struct span s, char *dst, size_t room)
{
	int64_t v = (int64_t)le64(s.ptr);
	char digits[DIGITS_MAX];

	snprintf(digits, sizeof(digits), "%05llu",
		 (unsigned long long)(v < 0 ? 0 - (uint64_t)v : (uint64_t)v));
	return put_scaled(v < 0, digits, 4, dst, room);
}

/* A sign, then four numbers of 32 bits, the highest first. */
static size_t
decimal(struct span s, unsigned scale, char *dst, size_t room)
{
	uint32_t v[4], any = 1;
	char digits[DIGITS_MAX];
	size_t at = sizeof(digits) - 1;

	for (size_t i = 0; i < 4; i++)
		v[i] = le32(s.ptr + 1 + i * 4);
	digits[at] = 0;
	while (at > 0 && (any != 0 || sizeof(digits) - 1 - at <= scale)) {
		uint64_t rest = 0;

		any = 0;
		for (size_t i = 0; i < 4; i++) {
			rest = rest << 32 | v[i];
			v[i] = (uint32_t)(rest / 10);
			rest %= 10;
			any |= v[i];
		}
		digits[--at] = (char)('0' + rest);
	}
	return put_scaled(s.ptr[0] != 0, digits + at, scale, dst, room);
}

/* Days since 1899-12-30, by the calendar of all dates since 1582. */
static size_t
date(double days, char *dst, size_t room)
{
	long z, era, year;
	unsigned of_era, of_year, day, part, month;

	if (!(days > -657435 && days < 2958466))
		return 0;
	z = (long)days + 693899; /* since the year 0, March */
	if ((double)(long)days > days)
		z--;
	era = (z >= 0 ? z : z - 146096) / 146097;
	of_era = (unsigned)(z - era * 146097);
	part =
	    (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * part + part / 4 - part / 100);
	month = (5 * of_year + 2) / 153;
	day = of_year - (153 * month + 2) / 5 + 1;
	month = month < 10 ? month + 3 : month - 9;
	year = (long)part + era * 400 + (month <= 2);
	return (size_t)snprintf(dst, room, "%04ld-%02u-%02u", year, month, day);
}

static size_t
guid(const uint8_t *p, char *dst, size_t room)
{
	return (size_t)snprintf(
	    dst, room, "{%08X-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}",
	    le32(p), le16(p + 4), le16(p + 6), p[8], p[9], p[10], p[11], p[12],
	    p[13], p[14], p[15]);
}

/* ---- any value -------------------------------------------------------------
 */

static size_t
whole(long long v, char *dst, size_t room)
{
	return (size_t)snprintf(dst, room, "%lld", v);
}

static size_t
broken(double d, char *dst, size_t room)
{
	sqlitepage_real(d, dst, room);
	return strlen(dst);
}

static size_t
number(const struct jet_column *c, struct span s, char *dst, size_t room)
{
	float f;

	switch (c->type) {
	case JET_BYTE:
		return whole(s.ptr[0], dst, room);
	case JET_SHORT:
		return whole((int16_t)le16(s.ptr), dst, room);
	case JET_LONG:
	case JET_COMPLEX:
		return whole((int32_t)le32(s.ptr), dst, room);
	case JET_BIG:
		return whole((long long)le64(s.ptr), dst, room);
	case JET_MONEY:
		return money(s, dst, room);
	case JET_FLOAT:
		memcpy(&f, s.ptr, sizeof(f));
		return broken((double)f, dst, room);
	case JET_DOUBLE:
		return broken(le_double(s.ptr), dst, room);
	case JET_DATE:
		return date(le_double(s.ptr), dst, room);
	case JET_GUID:
		return guid(s.ptr, dst, room);
	case JET_DECIMAL:
		return decimal(s, c->scale, dst, room);
	default:
		return 0;
	}
}

size_t
jet_value_text(const struct jet *j, const struct jet_column *c, struct span s,
	       char *dst, size_t room)
{
	static const uint8_t sizes[] = {
	    [JET_BYTE] = 1,
	    [JET_SHORT] = 2,
	    [JET_LONG] = 4,
	    [JET_MONEY] = 8,
	    [JET_FLOAT] = 4,
	    [JET_DOUBLE] = 8,
	    [JET_DATE] = 8,
	    [JET_GUID] = 16,
	    [JET_COMPLEX] = 4,
	    [JET_BIG] = 8,
	    [JET_DECIMAL] = DECIMAL_LEN,
	};

	if (c->type == JET_TEXT)
		return jet_text(j, c->codepage, s, dst, room);
	if (c->type >= sizeof(sizes) || sizes[c->type] == 0 ||
	    s.len < sizes[c->type])
		return 0;
	return number(c, s, dst, room);
}
