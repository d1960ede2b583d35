#include "extract/office/numfmt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXACT    9007199254740992.0 /* whole numbers below are what they seem */
#define DAY_MAX  2958466.0          /* the year 10000 */
#define DAY_1904 1462

/* ---- codes -----------------------------------------------------------------
 */

/* The code's first section without quotes, colours and conditions. */
static void
strip(const char *code, char *to, size_t room)
{
	size_t n = 0;

	for (; *code != 0 && *code != ';' && n + 1 < room; code++) {
		if (*code == '[') {
			const char *end = strchr(code, ']');

			if (end == NULL)
				break;
			if (strchr("hHmMsS", code[1]) != NULL)
				to[n++] = code[1];
			code = end;
		} else if (*code == '"') {
			for (code++; *code != 0 && *code != '"' && n + 1 < room;
			     code++)
				if (strchr("-/ .", *code) != NULL)
					to[n++] = *code;
			if (*code == 0)
				break;
		} else if (*code == '\\' && code[1] != 0) {
			code++;
			to[n++] = (char)(*code >= 'A' ? ' ' : *code);
		} else if (*code == '_' && code[1] != 0) {
			code++;
		} else if (*code != '*' && *code != '?') {
			to[n++] = *code;
		}
	}
	to[n] = 0;
}

struct numfmt
numfmt_of(const char *code)
{
	struct numfmt f = {.kind = NUMFMT_PLAIN};
	char s[128] = "";
	size_t zeros = 0, n;

	strip(code, s, sizeof(s));
	n = strlen(s);
	if (strcasecmp(s, "General") == 0 || strcasecmp(s, "Standard") == 0)
		return f;
	if (strpbrk(s, "yYdD") != NULL)
		f.kind = NUMFMT_DATE;
	else if (strpbrk(s, "hHsS") != NULL && strpbrk(s, "0#") == NULL)
		f.kind = NUMFMT_TIME;
	if (f.kind != NUMFMT_PLAIN)
		return f;
	for (size_t i = 0; i < n; i++)
		zeros += s[i] == '0';
	if (strspn(s, "0# -/().") != n || n >= sizeof(f.pattern) || zeros < 4 ||
	    strstr(s, ".0") != NULL || strstr(s, ".#") != NULL)
		return f;
	f.kind = NUMFMT_DIGITS;
	memcpy(f.pattern, s, n + 1);
	return f;
}

struct numfmt
numfmt_builtin(unsigned id)
{
	struct numfmt f = {.kind = NUMFMT_PLAIN};

	if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) ||
	    (id >= 50 && id <= 58))
		f.kind = NUMFMT_DATE;
	else if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47))
		f.kind = NUMFMT_TIME;
	return f;
}

/* ---- values ----------------------------------------------------------------
 */

/* Digits of a number with an exponent, as they stand: 4.1E+3 is 4100. */
static size_t
shift(const char *s, char *dst)
{
	const char *e = strpbrk(s, "eE");
	long exp = e == NULL ? 0 : strtol(e + 1, NULL, 10);
	bool point = false;
	long after = 0;
	size_t n = 0;

	if (e == NULL || exp < 0 || exp > 300)
		return 0;
	for (; s < e && n < NUMFMT_ROOM - 320; s++) {
		if (*s == '.') {
			point = true;
			continue;
		}
		after += point;
		if (*s != '+')
			dst[n++] = *s;
	}
	if (after > exp)
		return 0;
	for (; after < exp; after++)
		dst[n++] = '0';
	return n;
}

/* A number without an exponent, when it is a whole one. */
static size_t
show_plain(const char *s, size_t n, char *dst)
{
	double v;

	if (memchr(s, 'e', n) == NULL && memchr(s, 'E', n) == NULL) {
		memcpy(dst, s, n);
		return n;
	}
	v = strtod(s, NULL);
	if (v - v != 0)
		return (size_t)snprintf(dst, NUMFMT_ROOM, "%s", s);
	n = shift(s, dst);
	if (n > 0)
		return n;
	if ((v >= 1e9 && v < EXACT) ||
	    (v <= -1e9 && v > -EXACT)) /* more digits than it has */
		return (size_t)snprintf(dst, NUMFMT_ROOM, "%.0f", v);
	return (size_t)snprintf(dst, NUMFMT_ROOM, "%s", s);
}

/* Days since 1970 to year, month, day: the usual arithmetic of eras. */
static void
civil(long z, long *y, unsigned *m, unsigned *d)
{
	long era, doe, yoe, doy, mp;

	z += 719468;
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*d = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
	*m = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
	*y = yoe + era * 400 + (*m <= 2);
}

static size_t
show_time(double v, bool date, bool base_1904, char *dst)
{
	long days = (long)v + (base_1904 ? DAY_1904 : 0), y;
	long seconds = (long)((v - (double)(long)v) * 86400 + 0.5);
	unsigned m, d;
	size_t n = 0;

	if (days < 60)
		days++; /* 1900 had no 29th of February */
	if (date) {
		civil(days - 25569, &y, &m, &d);
		n = (size_t)snprintf(dst, NUMFMT_ROOM, "%04ld-%02u-%02u", y, m,
				     d);
	}
	if (!date || seconds > 0)
		n += (size_t)snprintf(dst + n, NUMFMT_ROOM - n,
				      "%s%02ld:%02ld:%02ld", date ? " " : "",
				      seconds / 3600, seconds / 60 % 60,
				      seconds % 60);
	return n;
}

/* Digits into the places of a pattern, from its end; more stand before it. */
static size_t
show_digits(const char *pattern, const char *digits, size_t n, char *dst)
{
	char back[NUMFMT_ROOM];
	size_t len = 0, at = strlen(pattern), first = strcspn(pattern, "0#");

	while (at-- > 0) {
		char c = pattern[at];

		if (c == '0')
			c = (char)(n > 0 ? digits[--n] : '0');
		else if (c == '#' && n > 0)
			c = digits[--n];
		else if (c == '#')
			continue;
		back[len++] = c;
		if (at == first)
			while (n > 0)
				back[len++] = digits[--n];
	}
	for (size_t i = 0; i < len; i++)
		dst[i] = back[len - 1 - i];
	return len;
}

/* Of nothing but signs, points and digits. */
bool
numfmt_as_written(const struct numfmt *f, struct span number)
{
	if (!numfmt_is_plain(f) || number.len > 40)
		return false;
	for (size_t i = 0; i < number.len; i++)
		if ((uint8_t)(number.ptr[i] - '-') > '9' - '-')
			return false;
	return true;
}

size_t
numfmt_show(const struct numfmt *f, struct span number, bool base_1904,
	    char dst[NUMFMT_ROOM])
{
	char s[64] = "", plain[NUMFMT_ROOM];
	size_t n = number.len < sizeof(s) - 1 ? number.len : sizeof(s) - 1;
	bool date = f != NULL && f->kind == NUMFMT_DATE;
	double v;

	if (n > 0)
		memcpy(s, number.ptr, n);
	s[n] = 0;
	if (date || (f != NULL && f->kind == NUMFMT_TIME)) {
		v = strtod(s, NULL);
		if (v >= 0 && v < DAY_MAX)
			return show_time(v, date, base_1904, dst);
	}
	if (f == NULL || f->kind != NUMFMT_DIGITS)
		return show_plain(s, n, dst);
	n = show_plain(s, n, plain);
	if (n >= NUMFMT_ROOM)
		n = NUMFMT_ROOM - 1;
	plain[n] = 0;
	if (n <= 30 && strspn(plain, "0123456789") >= n)
		return show_digits(f->pattern, plain, n, dst);
	memcpy(dst, plain, n);
	return n;
}
