#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/must.h"
#include "base/utf.h"

void
json_init(struct json *j, struct buf *out)
{
	*j = (struct json){.out = out, .st = ST_OK, .first = true};
}

enum status
json_done(struct json *j)
{
	if (j->st == ST_OK)
		must(j->depth == 0 && !j->keyed);
	return j->st;
}

static void
put(struct json *j, const char *s, size_t n)
{
	if (j->st == ST_OK)
		j->st = buf_add(j->out, s, n);
}

static bool
in_object(const struct json *j)
{
	return j->depth > 0 && (j->object >> (j->depth - 1) & 1) != 0;
}

/* Before every value: the comma, unless a key has just put it. */
static void
begin_value(struct json *j)
{
	must(j->keyed == in_object(j));
	if (!j->keyed && !j->first)
		put(j, ",", 1);
	j->keyed = false;
	j->first = false;
}

static void
open_level(struct json *j, bool object)
{
	must(j->depth < JSON_DEPTH);
	begin_value(j);
	put(j, object ? "{" : "[", 1);
	if (object)
		j->object |= UINT32_C(1) << j->depth;
	else
		j->object &= ~(UINT32_C(1) << j->depth);
	j->depth++;
	j->first = true;
}

void
json_map(struct json *j)
{
	open_level(j, true);
}

void
json_list(struct json *j)
{
	open_level(j, false);
}

void
json_end(struct json *j)
{
	must(j->depth > 0 && !j->keyed);
	put(j, in_object(j) ? "}" : "]", 1);
	j->depth--;
	j->first = false;
}

/* Bytes that a JSON string may not hold as they are. */
static bool
needs_escape(uint8_t c)
{
	return c < 0x20 || c == '"' || c == '\\' || c == 0x7f;
}

static enum status
escape(struct buf *to, uint8_t c)
{
	switch (c) {
	case '"':
		return buf_add_str(to, "\\\"");
	case '\\':
		return buf_add_str(to, "\\\\");
	case '\n':
		return buf_add_str(to, "\\n");
	case '\r':
		return buf_add_str(to, "\\r");
	case '\t':
		return buf_add_str(to, "\\t");
	default:
		return buf_addf(to, "\\u%04x", c);
	}
}

/* Valid UTF-8 only. */
static enum status
quote_valid(struct buf *to, struct span s)
{
	enum status st = ST_OK;

	while (st == ST_OK && s.len > 0) {
		size_t n = 0;

		while (n < s.len && !needs_escape(s.ptr[n]))
			n++;
		st = buf_add(to, s.ptr, n);
		s = span_skip(s, n);
		if (st == ST_OK && s.len > 0) {
			st = escape(to, s.ptr[0]);
			s = span_skip(s, 1);
		}
	}
	return st;
}

#define EACH(c) (UINT64_C(0x0101010101010101) * (c))
#define HIGH    EACH(0x80)

/* A high bit somewhere: one of the bytes of v is c. */
static uint64_t
equal(uint64_t v, uint64_t c)
{
	uint64_t x = v ^ EACH(c);

	return (x - EACH(1)) & ~x;
}

/* What is to be looked at in eight bytes: escapes, bytes beyond ASCII. */
struct odd {
	uint64_t escape, beyond;
};

static void
look(struct odd *odd, uint64_t v)
{
	odd->beyond |= v;
	odd->escape |= ((v - EACH(0x20)) & ~v) | equal(v, '"') |
		       equal(v, '\\') | equal(v, 0x7f);
}

/* The last eight bytes of a string, or all of it behind blanks. */
static uint64_t
last_word(struct span s)
{
	uint64_t v = EACH(' ');

	if (s.len >= sizeof(v))
		memcpy(&v, s.ptr + s.len - sizeof(v), sizeof(v));
	else
		for (size_t i = 0; i < s.len; i++)
			v = v << 8 | s.ptr[i];
	return v;
}

/* Most strings are printable and stand as they are. */
static bool
is_plain(struct span s)
{
	struct odd odd = {0, 0};
	uint64_t v;

	for (size_t i = 0; i + sizeof(v) < s.len; i += sizeof(v)) {
		memcpy(&v, s.ptr + i, sizeof(v));
		look(&odd, v);
	}
	look(&odd, last_word(s));
	return (odd.escape & HIGH) == 0 &&
	       ((odd.beyond & HIGH) == 0 || utf_valid(s));
}

/* In quotes, where there is room for it. */
static void
put_plain(struct buf *to, struct span s)
{
	uint8_t *at = to->data + to->len;

	*at++ = '"';
	if (s.len > 0)
		memcpy(at, s.ptr, s.len);
	at[s.len] = '"';
	to->len += s.len + 2;
}

static enum status
quote_plain(struct buf *to, struct span s)
{
	enum status st = buf_reserve(to, s.len + 2);

	if (st == ST_OK)
		put_plain(to, s);
	return st;
}

enum status
json_quote(struct buf *to, struct span bytes)
{
	enum status st;

	if (is_plain(bytes))
		return quote_plain(to, bytes);
	st = buf_add_byte(to, '"');

	while (st == ST_OK && bytes.len > 0) {
		size_t n = utf_valid_prefix(bytes);

		st = quote_valid(to, span_of(bytes.ptr, n));
		bytes = span_skip(bytes, n);
		if (st == ST_OK && bytes.len > 0) {
			st = buf_addf(to, "\\\\x%02x", bytes.ptr[0]);
			bytes = span_skip(bytes, 1);
		}
	}
	return st != ST_OK ? st : buf_add_byte(to, '"');
}

/* Nearly all keys: in one go. */
static enum status
put_plain_key(struct buf *to, struct span key, bool comma)
{
	enum status st = buf_reserve(to, key.len + 3 + comma);

	if (st != ST_OK)
		return st;
	if (comma)
		to->data[to->len++] = ',';
	put_plain(to, key);
	to->data[to->len++] = ':';
	return ST_OK;
}

static void
put_key(struct json *j, struct span key)
{
	if (!j->first)
		put(j, ",", 1);
	if (j->st == ST_OK)
		j->st = json_quote(j->out, key);
	put(j, ":", 1);
}

void
json_key(struct json *j, const char *key)
{
	struct span k = span_str(key);

	must(in_object(j) && !j->keyed);
	if (j->st == ST_OK && is_plain(k))
		j->st = put_plain_key(j->out, k, !j->first);
	else
		put_key(j, k);
	j->first = false;
	j->keyed = true;
}

void
json_str(struct json *j, struct span bytes)
{
	begin_value(j);
	if (j->st == ST_OK)
		j->st = json_quote(j->out, bytes);
}

void
json_cstr(struct json *j, const char *s)
{
	if (s == NULL)
		json_nil(j);
	else
		json_str(j, span_str(s));
}

void
json_u64(struct json *j, uint64_t v)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	begin_value(j);
	put(j, digits + at, sizeof(digits) - at);
}

void
json_i64(struct json *j, int64_t v)
{
	begin_value(j);
	if (j->st == ST_OK)
		j->st = buf_addf(j->out, "%lld", (long long)v);
}

void
json_double(struct json *j, double v)
{
	if (!isfinite(v)) {
		json_nil(j);
		return;
	}
	begin_value(j);
	if (j->st == ST_OK)
		j->st = buf_addf(j->out, "%.15g", v);
}

void
json_bool(struct json *j, bool v)
{
	begin_value(j);
	put(j, v ? "true" : "false", v ? 4 : 5);
}

void
json_nil(struct json *j)
{
	begin_value(j);
	put(j, "null", 4);
}

void
json_time(struct json *j, int64_t wall_us)
{
	char text[CLOCK_TEXT];

	if (wall_us == 0) {
		json_nil(j);
		return;
	}
	clock_text(wall_us, text);
	json_cstr(j, text);
}

void
json_raw(struct json *j, struct span value)
{
	begin_value(j);
	put(j, (const char *)value.ptr, value.len);
}

void
json_put_str(struct json *j, const char *key, struct span bytes)
{
	json_key(j, key);
	json_str(j, bytes);
}

void
json_put_cstr(struct json *j, const char *key, const char *s)
{
	json_key(j, key);
	json_cstr(j, s);
}

void
json_put_u64(struct json *j, const char *key, uint64_t v)
{
	json_key(j, key);
	json_u64(j, v);
}

void
json_put_i64(struct json *j, const char *key, int64_t v)
{
	json_key(j, key);
	json_i64(j, v);
}

void
json_put_bool(struct json *j, const char *key, bool v)
{
	json_key(j, key);
	json_bool(j, v);
}

void
json_put_time(struct json *j, const char *key, int64_t wall_us)
{
	json_key(j, key);
	json_time(j, wall_us);
}
