#include "detect/assign/impl.h"

/* In quotes, ended by the same ones, which may themselves be escaped. */
bool
assign_quoted(struct assign_place *p, struct assigned *out)
{
	size_t escapes = 0, n = 0;
	uint8_t quote;

	while (peek(p, escapes) == '\\' && escapes < 4)
		escapes++;
	quote = peek(p, escapes);
	p->at += escapes + 1;
	if (peek(p, 0) == quote && peek(p, 1) == quote && escapes == 0)
		p->at += 2;
	while (n < ASSIGN_VALUE) {
		uint8_t c = peek(p, n);

		if (c == 0 || c == '\n' || c == '\r')
			return false;
		if (c == quote && escapes == 0)
			break;
		if (c == '\\' && peek(p, n + escapes) == quote && escapes > 0)
			break;
		n += c == '\\' && escapes == 0 ? 2 : 1;
	}
	out->start = p->at;
	out->end = p->at + n;
	out->quoted = true;
	p->at += n + escapes + 1;
	skip(p, false);
	/* "a" + b, "a" % b, "a": a key */
	return n > 0 && n < ASSIGN_VALUE && !any_of(peek(p, 0), "+%.:?") &&
	       out->end <= p->t.len;
}

#define OPENING_MAX 8 /* more than the longest of the words below */

/* Nothing but blanks and words of assignment before the name in its line. */
static bool
opens_line(const struct assign_place *p)
{
	static const char *const words[] = {"export", "set", "setx",  "ENV",
					    "ARG",    "env", "local", "-"};
	size_t floor = p->floor, at = p->key, from;

	/* spring.datasource.password */
	while (at > floor &&
	       (name_byte(byte(p, at - 1)) || any_of(byte(p, at - 1), ".\"'/")))
		at--;
	while (at > floor && blank(byte(p, at - 1)))
		at--;
	if (at == 0 || (at > floor && byte(p, at - 1) == '\n'))
		return true;
	from = at;
	while (from > floor && at - from < OPENING_MAX &&
	       !blank(byte(p, from - 1)) && byte(p, from - 1) != '\n')
		from--;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == at - from &&
		    memcmp(p->t.ptr + from, words[i], at - from) == 0)
			return true;
	return false;
}

/* & and a name to which something is given: the text is of a URL. */
static bool
next_parameter(const struct assign_place *p, size_t n)
{
	if (peek(p, n) != '&')
		return false;
	for (size_t end = n++ + ASSIGN_NAME; n < end; n++)
		if (!name_byte(peek(p, n)))
			break;
	return peek(p, n) == '=';
}

/* Ends a value without quotes; unless it is `whole`, what ends code as well. */
static bool
ends_bare(uint8_t c, bool whole)
{
	switch (c) {
	case '"':
	case '\'':
	case '`':
	case '<':
	case '>':
		return true;
	case ',':
	case ';':
	case '&':
	case '|':
	case ')':
	case '}':
	case ']':
		return !whole;
	default:
		return c <= ' ' || c >= 0x7f;
	}
}

/*
 * In "a=b=c=d=..." nothing is a value of anything; without this each name of an
 * endless row of them would be read to the end of the longest value.
 */
#define GIVEN_AGAIN 4

/*
 * Without quotes, up to a blank or what ends one in code, settings and command
 * lines. In a line of its own it goes to the end of the line.
 */
bool
assign_bare(struct assign_place *p, bool tight, struct assigned *out)
{
	bool whole = opens_line(p);
	size_t n = 0, again = 0, end;
	uint8_t c;

	while (n < ASSIGN_VALUE && again < GIVEN_AGAIN &&
	       !ends_bare(peek(p, n), whole) && !next_parameter(p, n)) {
		again += (peek(p, n) == '=' || peek(p, n) == ':') &&
			 letter(peek(p, n + 1));
		n++;
	}
	c = peek(p, n);
	/* "name: value" whole in quotes, as headers are */
	if (p->key > p->floor && is_quote(c) && byte(p, p->key - 1) == c)
		c = ' ';
	if (n == 0 || any_of(c, "\"'`<(") || n == ASSIGN_VALUE ||
	    again == GIVEN_AGAIN)
		return false;
	if (whole && n > 0 && any_of(peek(p, n - 1), ",;"))
		n--;
	out->start = p->at;
	out->end = p->at + n;
	out->quoted = false;
	for (end = n + ASSIGN_NAME; n < end; n++)
		if (!blank(peek(p, n)) && peek(p, n) != ',')
			break;
	c = peek(p, n);
	/* prose and code go on behind a blank, a setting does not */
	return tight || c == 0 || c == '\n' || c == '\r' || c == '#' || !whole;
}

bool
assign_markup(struct assign_place *p, struct assigned *out)
{
	size_t n = 0;

	skip(p, true);
	if (takes(p, "<![CDATA[") || takes(p, "<Value>") || takes(p, "<value>"))
		skip(p, true);
	while (n < ASSIGN_VALUE && peek(p, n) > ' ' && peek(p, n) != '<' &&
	       peek(p, n) != '>')
		n++;
	out->start = p->at;
	out->end = p->at + n;
	out->quoted = true;
	if (n > 3 && memcmp(p->t.ptr + p->at + n - 2, "]]", 2) == 0)
		out->end -= 2;
	p->at += n;
	skip(p, true);
	return n > 0 && n < ASSIGN_VALUE &&
	       (peek(p, 0) == '<' || peek(p, 0) == '>');
}

static bool
bracket(uint8_t c)
{
	return c == '(' || c == ')' || c == '[' || c == ']' || c == '{' ||
	       c == '}' || c == '\\';
}

/* "$tNc2c%85x": no variable has a digit, both kinds of letters and a sign. */
static bool
is_mixed(struct span v)
{
	bool small = false, capital = false, number = false, sign = false;

	for (size_t i = 1; i < v.len; i++) {
		small |= v.ptr[i] >= 'a' && v.ptr[i] <= 'z';
		capital |= v.ptr[i] >= 'A' && v.ptr[i] <= 'Z';
		number |= digit(v.ptr[i]);
		sign |= i + 1 < v.len && any_of(v.ptr[i], "!@#%^+?*");
	}
	return small && capital && number && sign;
}

bool
assign_is_code(const struct assigned *a, struct span t)
{
	struct span v = span_of(t.ptr + a->start, a->end - a->start);
	bool plain = true;

	for (size_t i = 0; i < v.len; i++) {
		if (bracket(v.ptr[i]))
			return true;
		plain &= letter(v.ptr[i]) || v.ptr[i] == '_';
	}
	return plain || (any_of(v.ptr[0], "$%{<[(&*|>~/`") && !is_mixed(v));
}
