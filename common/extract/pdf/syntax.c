#include "extract/pdf/syntax.h"

#include <string.h>

#include "base/codec.h"
#include "extract/scan16.h"

#define COMMENT_MAX    1024
#define STRING_DEEP    32  /* parentheses that wait for their end */
#define STRING_ESCAPED 256 /* of these in one of several lines */

enum class {
	REGULAR,
	BLANK,
	DELIMITER,
};

static const uint8_t classes[256] = {
    [0] = BLANK,       [' '] = BLANK,     ['\n'] = BLANK,    ['\r'] = BLANK,
    ['\t'] = BLANK,    ['\f'] = BLANK,    ['('] = DELIMITER, [')'] = DELIMITER,
    ['<'] = DELIMITER, ['>'] = DELIMITER, ['['] = DELIMITER, [']'] = DELIMITER,
    ['{'] = DELIMITER, ['}'] = DELIMITER, ['/'] = DELIMITER, ['%'] = DELIMITER,
};

bool
pdf_blank(uint8_t c)
{
	return classes[c] == BLANK;
}

static bool
delimits(uint8_t c)
{
	return classes[c] != REGULAR;
}

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

enum pdf_kind
pdf_kind(struct span s)
{
	if (s.len == 0)
		return PDF_END;
	if (s.ptr[0] == '/')
		return PDF_NAME;
	if (s.ptr[0] == '(')
		return PDF_STRING;
	if (s.ptr[0] == '[')
		return PDF_ARRAY;
	if (s.ptr[0] == '<')
		return s.len > 1 && s.ptr[1] == '<' ? PDF_DICT : PDF_HEX;
	if (!digit(s.ptr[0]) && s.ptr[0] != '+' && s.ptr[0] != '-' &&
	    s.ptr[0] != '.')
		return PDF_WORD;
	return s.ptr[s.len - 1] == 'R' ? PDF_REF : PDF_NUMBER;
}

/* Up to its line's end; behind COMMENT_MAX are words like others. */
static size_t
comment_length(struct span s)
{
	size_t i = 1, end = s.len < COMMENT_MAX ? s.len : COMMENT_MAX;

	while (i < end && s.ptr[i] != '\n' && s.ptr[i] != '\r')
		i++;
	return i;
}

static void
skip_blank(struct span *s)
{
	size_t i = 0;

	while (i < s->len && (pdf_blank(s->ptr[i]) || s->ptr[i] == '%')) {
		size_t n = 1;

		if (s->ptr[i] == '%')
			n = comment_length(span_skip(*s, i));
		i += n;
		if (n == COMMENT_MAX)
			break;
	}
	*s = span_skip(*s, i);
}

/* In a string: a parenthesis, a backslash, a line's end. */
static inline const uint8_t *
scan_string(const uint8_t *p, const uint8_t *end)
{
	SCAN(_mm_or_si128(
		 _mm_or_si128(scan_eq(_mm_or_si128(v, _mm_set1_epi8(1)), ')'),
			      scan_eq(v, '\\')),
		 _mm_or_si128(scan_eq(v, '\n'), scan_eq(v, '\r'))),
	     (*p | 1) == ')' || *p == '\\' || *p == '\n' || *p == '\r');
}

/*
 * One that never ends is as long as its line. Behind a line's end, parentheses
 * that open and do not close are given up early, and so are many that are
 * escaped: else each of them would be looked for anew, to the same far end.
 */
static size_t
string_length(struct span s)
{
	size_t depth = 0, line = 0, escaped = 0;
	size_t most = s.len < PDF_STRING_MAX ? s.len : PDF_STRING_MAX;
	const uint8_t *p = s.ptr, *end = p + most;

	for (; (p = scan_string(p, end)) < end; p++) {
		uint8_t c = *p;

		if (c == '\\') {
			p++;
			if (line > 0 && p < end && *p == '(' &&
			    ++escaped > STRING_ESCAPED)
				return (size_t)(p - s.ptr);
			if (p == end)
				break;
		} else if (c == '(') {
			if (++depth > STRING_DEEP && line > 0)
				return line;
		} else if (c == ')') {
			if (--depth == 0)
				return (size_t)(p - s.ptr) + 1;
		} else if (line == 0) {
			line = (size_t)(p - s.ptr);
		}
	}
	return line > 0 ? line : most;
}

static size_t
hex_length(struct span s)
{
	size_t i = 1;

	while (i < s.len && s.ptr[i] != '>' && s.ptr[i] != '<')
		i++;
	return i < s.len && s.ptr[i] == '>' ? i + 1 : i;
}

static size_t
word_length(struct span s)
{
	size_t i = 1;

	while (i < s.len && !delimits(s.ptr[i]))
		i++;
	return i;
}

/* Length of what is no array and no dictionary. */
static size_t
plain_length(struct span s)
{
	switch (s.ptr[0]) {
	case '(':
		return string_length(s);
	case '<':
		return hex_length(s);
	case ')':
	case ']':
	case '}':
	case '{':
	case '>':
		return 1;
	default:
		return word_length(s);
	}
}

/* No object has these inside: it was not closed. */
static bool
breaks(struct span s, size_t n)
{
	return (n == 6 && (memcmp(s.ptr, "endobj", 6) == 0 ||
			   memcmp(s.ptr, "stream", 6) == 0)) ||
	       (n == 3 && memcmp(s.ptr, "obj", 3) == 0);
}

static bool
opens(struct span s)
{
	return s.ptr[0] == '[' || pdf_kind(s) == PDF_DICT;
}

static bool
closes(struct span s)
{
	return s.ptr[0] == ']' ||
	       (s.ptr[0] == '>' && s.len > 1 && s.ptr[1] == '>');
}

static size_t
nested_length(struct span s)
{
	struct span at = s;
	size_t depth = 0;

	for (;;) {
		size_t n;

		skip_blank(&at);
		if (at.len == 0)
			return s.len;
		n = at.ptr[0] == '[' || at.ptr[0] == ']' ? 1 : 2;
		if (opens(at)) {
			depth++;
		} else if (closes(at)) {
			if (--depth == 0)
				return (size_t)(at.ptr - s.ptr) + n;
		} else {
			n = plain_length(at);
			if (breaks(at, n))
				return (size_t)(at.ptr - s.ptr);
		}
		at = span_skip(at, n);
	}
}

enum pdf_kind
pdf_next(struct span *in, struct span *out)
{
	size_t n;

	skip_blank(in);
	if (in->len == 0) {
		*out = span_of(NULL, 0);
		return PDF_END;
	}
	n = opens(*in) ? nested_length(*in) : plain_length(*in);
	*out = span_of(in->ptr, n);
	*in = span_skip(*in, n);
	return pdf_kind(*out);
}

static bool
all_digits(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!digit(s.ptr[i]))
			return false;
	return s.len > 0;
}

enum pdf_kind
pdf_item(struct span *in, struct span *out)
{
	enum pdf_kind k = pdf_next(in, out);
	struct span after = *in, gen, r;

	if (k != PDF_NUMBER || !all_digits(*out))
		return k;
	if (pdf_next(&after, &gen) != PDF_NUMBER || !all_digits(gen) ||
	    pdf_next(&after, &r) != PDF_WORD || r.len != 1 || r.ptr[0] != 'R')
		return k;
	out->len = (size_t)(r.ptr + 1 - out->ptr);
	*in = after;
	return PDF_REF;
}

struct span
pdf_inside(struct span s)
{
	enum pdf_kind k = pdf_kind(s);
	size_t n = k == PDF_ARRAY ? 1 : 2;

	if (k != PDF_ARRAY && k != PDF_DICT)
		return span_of(NULL, 0);
	s = span_skip(s, n);
	if (s.len >= n && s.ptr[s.len - 1] == (k == PDF_ARRAY ? ']' : '>'))
		s.len -= n;
	return s;
}

struct span
pdf_get(struct span dict, const char *key)
{
	struct span in = pdf_inside(dict), k, v;

	if (pdf_kind(dict) != PDF_DICT)
		return span_of(NULL, 0);
	while (pdf_next(&in, &k) != PDF_END) {
		if (pdf_kind(k) != PDF_NAME)
			continue;
		if (pdf_item(&in, &v) == PDF_END)
			break;
		if (pdf_is(k, key))
			return v;
	}
	return span_of(NULL, 0);
}

bool
pdf_is(struct span name, const char *word)
{
	size_t i = 1;

	if (name.len == 0 || name.ptr[0] != '/')
		return false;
	for (; i < name.len && *word != 0; word++) {
		int c = name.ptr[i++];

		if (c == '#' && name.len - i >= 2 &&
		    codec_digit(name.ptr[i]) >= 0 &&
		    codec_digit(name.ptr[i + 1]) >= 0) {
			c = codec_digit(name.ptr[i]) * 16 +
			    codec_digit(name.ptr[i + 1]);
			i += 2;
		}
		if (c != (uint8_t)*word)
			return false;
	}
	return i == name.len && *word == 0;
}

double
pdf_number(struct span s)
{
	double v = 0, unit = 1;
	size_t i = 0;
	bool minus = false;

	while (i < s.len && (s.ptr[i] == '-' || s.ptr[i] == '+'))
		minus = s.ptr[i++] == '-';
	for (; i < s.len && digit(s.ptr[i]); i++)
		v = v * 10 + (s.ptr[i] - '0');
	if (i < s.len && s.ptr[i] == '.')
		for (i++; i < s.len && digit(s.ptr[i]); i++)
			v += (s.ptr[i] - '0') * (unit /= 10);
	if (v > 1e12)
		v = 1e12; /* sums of such stay numbers */
	return minus ? -v : v;
}

bool
pdf_whole(struct span s, uint64_t *out)
{
	uint64_t v = 0;
	size_t i = 0;

	while (i < s.len && digit(s.ptr[i]) && v < UINT64_C(1) << 48)
		v = v * 10 + (uint64_t)(s.ptr[i++] - '0');
	if (i == 0 || (i < s.len && s.ptr[i] != '.'))
		return false;
	*out = v;
	return true;
}

bool
pdf_ref(struct span s, uint32_t *number)
{
	uint64_t n = 0;

	if (pdf_kind(s) != PDF_REF)
		return false;
	for (size_t i = 0; i < s.len && digit(s.ptr[i]); i++) {
		n = n * 10 + (uint64_t)(s.ptr[i] - '0');
		if (n > UINT32_MAX)
			return false;
	}
	*number = (uint32_t)n;
	return true;
}

/* ---- strings --------------------------------------------------------------
 */

static enum status
hex_string(struct span s, struct buf *to)
{
	int high = -1;

	for (size_t i = 1; i < s.len; i++) {
		int v = codec_digit(s.ptr[i]);
		enum status st = ST_OK;

		if (v < 0)
			continue;
		if (high >= 0)
			st = buf_add_byte(to, (uint8_t)(high * 16 + v));
		high = high >= 0 ? -1 : v;
		if (st != ST_OK)
			return st;
	}
	return high >= 0 ? buf_add_byte(to, (uint8_t)(high * 16)) : ST_OK;
}

/* What follows a backslash at s[0]; how much was taken. *c < 0: nothing. */
static size_t
escaped(struct span s, int *c)
{
	static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
	const char *at = s.len > 0 ? strchr(from, s.ptr[0]) : NULL;
	size_t i = 0;
	int v = 0;

	*c = -1;
	if (s.len == 0)
		return 0;
	if (at != NULL && *at != 0) {
		*c = (uint8_t)to[at - from];
		return 1;
	}
	if (s.ptr[0] == '\n')
		return 1;
	if (s.ptr[0] == '\r')
		return s.len > 1 && s.ptr[1] == '\n' ? 2 : 1;
	while (i < 3 && i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '7')
		v = v * 8 + (s.ptr[i++] - '0');
	*c = i > 0 ? v & 0xff : s.ptr[0];
	return i > 0 ? i : 1;
}

/* As far as there is room. */
static enum status
add_plain(struct buf *to, struct span s)
{
	size_t room = to->cap - to->len;
	enum status st;

	if (s.len <= room)
		return buf_add(to, s.ptr, s.len);
	st = buf_add(to, s.ptr, room);
	return st == ST_OK ? ST_LIMIT : st;
}

bool
pdf_string_plain(struct span s, struct span *out)
{
	if (pdf_kind(s) != PDF_STRING)
		return false;
	s = span_skip(s, 1);
	if (s.len > 0 && s.ptr[s.len - 1] == ')')
		s.len--;
	*out = s;
	return s.len == 0 || memchr(s.ptr, '\\', s.len) == NULL;
}

enum status
pdf_string(struct span s, struct buf *to)
{
	enum status st = ST_OK;
	const uint8_t *at;

	if (pdf_kind(s) == PDF_HEX)
		return hex_string(s, to);
	if (pdf_kind(s) != PDF_STRING)
		return ST_OK;
	s = span_skip(s, 1);
	if (s.len > 0 && s.ptr[s.len - 1] == ')')
		s.len--;
	while (s.len > 0 && st == ST_OK) {
		int c;

		at = memchr(s.ptr, '\\', s.len);
		if (at == NULL)
			return add_plain(to, s);
		st = add_plain(to, span_of(s.ptr, (size_t)(at - s.ptr)));
		s = span_skip(s, (size_t)(at - s.ptr) + 1);
		s = span_skip(s, escaped(s, &c));
		if (st == ST_OK && c >= 0)
			st = buf_add_byte(to, (uint8_t)c);
	}
	return st;
}
