#include "base/str.h"

#include <string.h>

#include "base/must.h"

static enum status
digits(struct span s, uint64_t *out)
{
	uint64_t v = 0;

	if (s.len == 0)
		return ST_MALFORMED;
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return ST_MALFORMED;
	for (size_t i = 0; i < s.len; i++) {
		uint64_t d = (uint64_t)(s.ptr[i] - '0');

		if (v > (UINT64_MAX - d) / 10)
			return ST_LIMIT;
		v = v * 10 + d;
	}
	*out = v;
	return ST_OK;
}

enum status
str_to_u64(struct span s, uint64_t low, uint64_t high, uint64_t *out)
{
	uint64_t v;
	enum status st = digits(s, &v);

	if (st != ST_OK)
		return st;
	if (v < low || v > high)
		return ST_LIMIT;
	*out = v;
	return ST_OK;
}

enum status
str_to_i64(struct span s, int64_t low, int64_t high, int64_t *out)
{
	bool minus = s.len > 0 && s.ptr[0] == '-';
	uint64_t most = minus ? (uint64_t)INT64_MAX + 1 : INT64_MAX;
	uint64_t v;
	int64_t n;
	enum status st = str_to_u64(minus ? span_skip(s, 1) : s, 0, most, &v);

	if (st != ST_OK)
		return st;
	if (minus)
		n = v > INT64_MAX ? INT64_MIN : -(int64_t)v;
	else
		n = (int64_t)v;
	if (n < low || n > high)
		return ST_LIMIT;
	*out = n;
	return ST_OK;
}

enum status
str_to_hex(struct span s, uint64_t *out)
{
	uint64_t v = 0;

	if (s.len == 0)
		return ST_MALFORMED;
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = s.ptr[i] | 0x20; /* lower case; digits stay */

		if (s.ptr[i] >= '0' && s.ptr[i] <= '9')
			v = v << 4 | (uint64_t)(s.ptr[i] - '0');
		else if (c >= 'a' && c <= 'f')
			v = v << 4 | (uint64_t)(c - 'a' + 10);
		else
			return ST_MALFORMED;
	}
	if (s.len > 16)
		return ST_LIMIT;
	*out = v;
	return ST_OK;
}

struct unit {
	const char *name; /* lower case */
	uint64_t factor;
};

static bool
same_word(struct span s, const char *lower)
{
	if (s.len != strlen(lower))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = s.ptr[i];

		if (c >= 'A' && c <= 'Z')
			c = (uint8_t)(c + 32);
		if (c != (uint8_t)lower[i])
			return false;
	}
	return true;
}

static enum status
with_unit(struct span s, const struct unit *units, size_t count, uint64_t *out)
{
	size_t n = 0;
	struct span unit;
	uint64_t v;
	enum status st;

	while (n < s.len && s.ptr[n] >= '0' && s.ptr[n] <= '9')
		n++;
	st = digits(span_of(s.ptr, n), &v);
	if (st != ST_OK)
		return st;
	unit = span_skip(s, n);
	if (unit.len > 0 && unit.ptr[0] == ' ')
		unit = span_skip(unit, 1);
	for (size_t i = 0; i < count; i++) {
		if (!same_word(unit, units[i].name))
			continue;
		if (v > UINT64_MAX / units[i].factor)
			return ST_LIMIT;
		*out = v * units[i].factor;
		return ST_OK;
	}
	return ST_MALFORMED;
}

enum status
str_to_size(struct span s, uint64_t *bytes)
{
#define STEP(n) (UINT64_C(1) << (10 * (n)))
	static const struct unit units[] = {
	    {"", 1},         {"b", 1},         {"k", STEP(1)},
	    {"kb", STEP(1)}, {"kib", STEP(1)}, {"m", STEP(2)},
	    {"mb", STEP(2)}, {"mib", STEP(2)}, {"g", STEP(3)},
	    {"gb", STEP(3)}, {"gib", STEP(3)}, {"t", STEP(4)},
	    {"tb", STEP(4)}, {"tib", STEP(4)},
	};
#undef STEP
	return with_unit(s, units, sizeof(units) / sizeof(units[0]), bytes);
}

enum status
str_to_duration(struct span s, uint64_t *ms)
{
	static const struct unit units[] = {
	    {"ms", 1},      {"", 1000},     {"s", 1000},     {"m", 60000},
	    {"min", 60000}, {"h", 3600000}, {"d", 86400000},
	};

	return with_unit(s, units, sizeof(units) / sizeof(units[0]), ms);
}

enum status
str_to_bool(struct span s, bool *out)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {
	    {"true", true},   {"yes", true}, {"on", true},   {"1", true},
	    {"false", false}, {"no", false}, {"off", false}, {"0", false},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!same_word(s, words[i].word))
			continue;
		*out = words[i].value;
		return ST_OK;
	}
	return ST_MALFORMED;
}

static bool
is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span
str_trim(struct span s)
{
	while (s.len > 0 && is_space(s.ptr[0]))
		s = span_skip(s, 1);
	while (s.len > 0 && is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

size_t
str_find(struct span s, uint8_t b)
{
	const uint8_t *at = s.len > 0 ? memchr(s.ptr, b, s.len) : NULL;

	return at == NULL ? s.len : (size_t)(at - s.ptr);
}

/* Behind a last separator one empty part is left: this byte marks it. */
static const uint8_t empty_part[1];

bool
str_next(struct span *rest, uint8_t sep, struct span *part)
{
	size_t n = str_find(*rest, sep);

	if (rest->len == 0 && rest->ptr != empty_part)
		return false;
	*part = span_of(rest->ptr, n);
	if (n == rest->len)
		*rest = span_of(NULL, 0);
	else if (n + 1 == rest->len)
		*rest = span_of(empty_part, 0);
	else
		*rest = span_skip(*rest, n + 1);
	return true;
}

bool
str_listed(const char *list, struct span word)
{
	struct span rest = span_str(list), one;

	while (str_next(&rest, ' ', &one))
		if (one.len > 0 && span_eq(one, word))
			return true;
	return false;
}

int
str_order(struct span a, struct span b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n == 0 ? 0 : memcmp(a.ptr, b.ptr, n);

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

bool
str_is(struct span s, const char *word)
{
	return span_eq(s, span_str(word));
}

bool
str_starts(struct span s, const char *head)
{
	size_t n = strlen(head);

	return s.len >= n && (n == 0 || memcmp(s.ptr, head, n) == 0);
}

bool
str_ends(struct span s, const char *tail)
{
	size_t n = strlen(tail);

	return s.len >= n &&
	       (n == 0 || memcmp(s.ptr + s.len - n, tail, n) == 0);
}

enum status
str_copy(char *dst, size_t room, struct span s)
{
	must(room > 0);
	if (str_find(s, 0) < s.len)
		return ST_MALFORMED;
	if (s.len >= room)
		return ST_LIMIT;
	if (s.len > 0)
		memcpy(dst, s.ptr, s.len);
	dst[s.len] = '\0';
	return ST_OK;
}
