#include "proxy-agent/source/sql/text.h"

#include <string.h>

#include "base/str.h"

static enum status
add_quoted(struct buf *to, struct span s)
{
	enum status st = ST_OK;

	while (st == ST_OK && s.len > 0) {
		size_t n = str_find(s, '\'');

		n += n < s.len;
		st = buf_add(to, s.ptr, n);
		if (st == ST_OK && s.ptr[n - 1] == '\'')
			st = buf_add_byte(to, '\'');
		s = span_skip(s, n);
	}
	return st;
}

static enum status
add_hex(struct buf *to, struct span s)
{
	static const char digits[] = "0123456789abcdef";
	enum status st = buf_reserve(to, 2 * s.len);

	for (size_t i = 0; st == ST_OK && i < s.len; i++) {
		to->data[to->len++] = (uint8_t)digits[s.ptr[i] >> 4];
		to->data[to->len++] = (uint8_t)digits[s.ptr[i] & 15];
	}
	return st;
}

static enum status
add_word(struct buf *to, const struct sql_word *w)
{
	if (w->how == SQL_HEX)
		return add_hex(to, w->text);
	if (w->text.len > 0 && memchr(w->text.ptr, 0, w->text.len) != NULL)
		return ST_MALFORMED;
	return w->how == SQL_QUOTED ? add_quoted(to, w->text)
				    : buf_add(to, w->text.ptr, w->text.len);
}

/* The word that "{name}" at p names; NULL: none. */
static const struct sql_word *
word_at(const char *p, const struct sql_word *words)
{
	for (const struct sql_word *w = words; w->name != NULL; w++) {
		size_t n = strlen(w->name);

		if (strncmp(p + 1, w->name, n) == 0 && p[n + 1] == '}')
			return w;
	}
	return NULL;
}

enum status
sql_fill(struct buf *to, const char *pattern, const struct sql_word *words)
{
	enum status st = ST_OK;

	while (st == ST_OK && *pattern != 0) {
		size_t n = strcspn(pattern, "{");
		const struct sql_word *w;

		st = buf_add(to, pattern, n);
		pattern += n;
		if (st != ST_OK || *pattern == 0)
			continue;
		w = word_at(pattern, words);
		st = w != NULL ? add_word(to, w) : buf_add(to, pattern, 1);
		pattern += w != NULL ? strlen(w->name) + 2 : 1;
	}
	return st;
}

enum status
sql_name(struct buf *to, char open, char close, const char *name)
{
	enum status st = buf_add_byte(to, (uint8_t)open);

	for (; st == ST_OK && *name != 0; name++) {
		if (*name == close)
			st = buf_add_byte(to, (uint8_t)close);
		if (st == ST_OK)
			st = buf_add(to, name, 1);
	}
	return st == ST_OK ? buf_add_byte(to, (uint8_t)close) : st;
}

static bool
is_number(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (strchr("0123456789+-.eE", s.ptr[i]) == NULL ||
		    s.ptr[i] == 0)
			return false;
	return s.len > 0;
}

enum status
sql_literal(struct buf *to, const char *pattern, struct span value)
{
	const struct sql_word words[] = {
	    {.name = "text", .text = value},
	    {.name = "quoted", .text = value, .how = SQL_QUOTED},
	    {.name = "hex", .text = value, .how = SQL_HEX},
	    {0},
	};

	if (strstr(pattern, "{text}") != NULL && !is_number(value))
		return ST_MALFORMED;
	return sql_fill(to, pattern, words);
}

enum status
sql_end(struct buf *to)
{
	return buf_add_byte(to, 0);
}
