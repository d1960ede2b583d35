#include "detect/assign.h"

#include <string.h>

#include "detect/guess.h"

/* Where the reader of a text stands. */
struct place {
	struct span t;
	size_t floor;       /* nothing before it is read */
	size_t at, stop;    /* nothing begins at or behind stop */
	size_t key, behind; /* the whole name */
};

static uint8_t
peek(const struct place *p, size_t n)
{
	return p->at + n < p->t.len ? p->t.ptr[p->at + n] : 0;
}

static uint8_t
byte(const struct place *p, size_t i)
{
	return i < p->t.len ? p->t.ptr[i] : 0;
}

static bool
letter(uint8_t c)
{
	return (uint8_t)((c | 32) - 'a') < 26;
}

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
name_byte(uint8_t c)
{
	return letter(c) || digit(c) || c == '_' || c == '-' || c >= 0x80;
}

static bool
blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static bool
any_of(uint8_t c, const char *set)
{
	return c != 0 && strchr(set, c) != NULL;
}

static bool
takes(struct place *p, const char *text)
{
	size_t n = strlen(text);

	if (p->at + n > p->t.len || memcmp(p->t.ptr + p->at, text, n) != 0)
		return false;
	p->at += n;
	return true;
}

static void
skip(struct place *p, bool lines)
{
	while (p->at < p->stop &&
	       (blank(peek(p, 0)) ||
		(lines && (peek(p, 0) == '\n' || peek(p, 0) == '\r'))))
		p->at++;
}

/* ---- the name ------------------------------------------------------------ */

/* Parts of names of what goes with a secret and is none. */
static const char *const other_parts[] = {
    "hash",      "hashed",      "file",        "files",    "filename",
    "path",      "dir",         "url",         "uri",      "field",
    "fields",    "label",       "hint",        "length",   "len",
    "min",       "max",         "size",        "reset",    "prompt",
    "regex",     "pattern",     "type",        "types",    "policy",
    "rule",      "rules",       "column",      "input",    "form",
    "page",      "view",        "changed",     "expired",  "expires",
    "expiry",    "ttl",         "error",       "errors",   "invalid",
    "required",  "message",     "msg",         "title",    "strength",
    "encoder",   "provider",    "manager",     "handler",  "callback",
    "count",     "public",      "enabled",     "disabled", "forgot",
    "show",      "hide",        "has",         "env",      "var",
    "param",     "params",      "arg",         "format",   "prefix",
    "suffix",    "header",      "headers",     "list",     "map",
    "class",     "func",        "function",    "name",     "names",
    "id",        "ids",         "index",       "timeout",  "age",
    "date",      "time",        "at",          "uuid",     "selector",
    "xpath",     "locator",     "dialog",      "screen",   "button",
    "link",      "icon",        "style",       "mode",     "algorithm",
    "alg",       "digest",      "sha256",      "sha1",     "md5",
    "checksum",  "fingerprint", "example",     "endpoint", "validator",
    "validate",  "mismatch",    "match",       "keyboard", "monkey",
    "keyword",   "keywords",    "primary",     "foreign",  "sort",
    "cache",     "object",      "tokenizer",   "tokenize", "tokens",
    "symbol",    "scope",       "scopes",      "status",   "state",
    "version",   "text",        "placeholder", "cert",     "ref",
    "arn",       "row",         "lexer",       "parser",   "kind",
    "bytes",     "limit",       "usage",       "address",  "contract",
    "mint",      "reisepass",   "passnummer",  "passnr",   "passeport",
    "pasaporte", "passaporto",  "passaporte",  "paspoort", "number",
    "nummer",    "nr",          "no",          "bypass",   "compass",
    "passport",  "passenger",   "passage",     "passive",  "passes",
    "passed",    "passing",     "encompass",   "surpass",  "bypasses",
    "pwdx",      "oldpwd",      "mgr"};

static bool
same_part(const uint8_t *p, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if ((p[i] | 32) != (uint8_t)word[i])
			return false;
	return word[n] == 0;
}

static bool
is_other(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < sizeof(other_parts) / sizeof(*other_parts); i++)
		if (n > 0 && (p[0] | 32) == (uint8_t)other_parts[i][0] &&
		    strlen(other_parts[i]) == n &&
		    same_part(p, n, other_parts[i]))
			return true;
	return false;
}

static bool
upper(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

/* Of resetPasswordUrl: reset, Password, Url. */
static bool
name_is_other(const struct place *p)
{
	const uint8_t *k = p->t.ptr + p->key;
	size_t n = p->behind - p->key, from = 0;

	for (size_t i = 1; i <= n; i++) {
		bool ends = i == n || k[i] == '_' || k[i] == '-' ||
			    (upper(k[i]) && !upper(k[i - 1]));

		if (!ends)
			continue;
		if (is_other(k + from, i - from))
			return true;
		from = i < n && (k[i] == '_' || k[i] == '-') ? i + 1 : i;
	}
	return false;
}

/* The whole name around `at`; false when it is too long for one. */
static bool
read_name(struct place *p)
{
	size_t floor = p->at < ASSIGN_NAME ? 0 : p->at - ASSIGN_NAME;

	p->key = p->at;
	while (p->key > floor && name_byte(p->t.ptr[p->key - 1]))
		p->key--;
	p->behind = p->at;
	while (p->behind < p->at + ASSIGN_NAME && name_byte(byte(p, p->behind)))
		p->behind++;
	if (p->key == floor && floor > 0)
		return false;
	p->at = p->behind;
	return p->behind < p->t.len;
}

/* ---- from the name to its value ------------------------------------------ */

/* An operator of `name op value`. */
static bool
operator_at(struct place *p)
{
	static const char *const ops[] = {"===", "==",  "=>", ":=", ":-",
					  "<-",  "||=", "?=", "=",  ":"};

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (takes(p, ops[i]))
			return true;
	return false;
}

/* value="..." and value: ... behind key="name" or - name: NAME. */
static bool
value_word(struct place *p)
{
	size_t from = p->at;

	while (p->at < p->stop && p->at < from + 40 &&
	       any_of(peek(p, 0), " \t\r\n,\"'/{"))
		p->at++;
	if (!takes(p, "default") && !takes(p, "value") && !takes(p, "Value") &&
	    !takes(p, "VALUE"))
		return false;
	if (peek(p, 0) == '"' || peek(p, 0) == '\'')
		p->at++;
	skip(p, false);
	return takes(p, "=") || takes(p, ":");
}

/* name: Type = value, the first operator having been read. */
static void
over_type(struct place *p)
{
	size_t from = p->at;
	struct place q = *p;

	skip(&q, false);
	while (q.at < q.stop && q.at < from + 40 &&
	       (name_byte(peek(&q, 0)) || any_of(peek(&q, 0), ".<>[]&?| ")))
		q.at++;
	if (q.at > from && peek(&q, 0) == '=' && peek(&q, 1) != '=' &&
	    !any_of(byte(&q, from + (byte(&q, from) == ' ')), "=.<>]?|") &&
	    byte(&q, q.at - 1) == ' ')
		p->at = q.at + 1;
}

static bool
is_quote(uint8_t c)
{
	return c == '"' || c == '\'' || c == '`';
}

/* > of <name> or <tag key="name">; the value is what its element holds. */
static bool
markup_at(struct place *p, bool closed)
{
	if (takes(p, "</")) {
		/* <key>name</key> <string>value</string> */
		while (p->at < p->stop && name_byte(peek(p, 0)))
			p->at++;
		if (!takes(p, ">"))
			return false;
		skip(p, true);
		return takes(p, "<string>") || takes(p, "<value>");
	}
	if (!takes(p, ">"))
		return false;
	return closed || byte(p, p->key - 1) == '<' ||
	       byte(p, p->key - 1) == ':';
}

enum way { NOT, OPERATOR, MARKUP, LIST, BLANK };

/* "ENV NAME value", "#define NAME value": the word right before the name. */
static bool
commanded(const struct place *p)
{
	static const char *const words[] = {"ENV", "define", "setenv", "setx"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i]);

		if (p->key > p->floor + n && blank(byte(p, p->key - 1)) &&
		    memcmp(p->t.ptr + p->key - 1 - n, words[i], n) == 0)
			return true;
	}
	return false;
}

/* "name string = value" of Go, "the name is value" of people. */
static bool
told_at(struct place *p)
{
	struct place q = *p;

	skip(&q, false);
	if (q.at == p->at)
		return false;
	if (takes(&q, "string")) {
		skip(&q, false);
		if (peek(&q, 0) != '=' || peek(&q, 1) == '=')
			return false;
	} else if (!takes(&q, "is") || !blank(peek(&q, 0))) {
		return false;
	}
	p->at = q.at + 1;
	return true;
}

/* | name | value |: a row of a table whose first cell is the name. */
static bool
cell_at(struct place *p)
{
	size_t at = p->key;

	/* name|value, the whole line */
	if (at == 0 || byte(p, at - 1) == '\n')
		return p->at == p->behind && peek(p, 1) > ' ' && takes(p, "|");
	while (at > p->floor && blank(byte(p, at - 1)))
		at--;
	if (at == p->key || byte(p, at - 1) != '|' || peek(p, 0) != '|' ||
	    !blank(peek(p, 1)))
		return false;
	return (at == 1 || byte(p, at - 2) == '\n') && takes(p, "|");
}

static enum way
read_way(struct place *p)
{
	bool closed = false, flag;
	struct place q;

	while (p->at < p->behind + 3 && any_of(peek(p, 0), "\\\"'`])")) {
		closed |= is_quote(peek(p, 0));
		p->at++;
	}
	if (p->key > 0 && markup_at(p, closed))
		return MARKUP;
	q = *p;
	if (value_word(&q)) {
		*p = q;
		return OPERATOR;
	}
	if (told_at(p))
		return OPERATOR;
	flag = byte(p, p->key) == '-' && blank(peek(p, 0));
	skip(p, false);
	if (operator_at(p)) {
		over_type(p);
		return OPERATOR;
	}
	if (closed && takes(p, ","))
		return LIST;
	if (p->at == p->behind && takes(p, "("))
		return LIST;
	if (p->at == p->behind + 1 && !closed &&
	    (is_quote(peek(p, 0)) || commanded(p)))
		return BLANK;
	return flag || cell_at(p) ? BLANK : NOT;
}

/* ---- the value ----------------------------------------------------------- */

/* In quotes, ended by the same ones, which may themselves be escaped. */
static bool
read_quoted(struct place *p, struct assigned *out)
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
opens_line(const struct place *p)
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
next_parameter(const struct place *p, size_t n)
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
static bool
read_bare(struct place *p, bool tight, struct assigned *out)
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

static bool
read_markup(struct place *p, struct assigned *out)
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

/* b"", r'', L"", @"" and up to two such letters. */
static void
over_string_prefix(struct place *p)
{
	for (size_t n = 1; n <= 2; n++)
		if (is_quote(peek(p, n)) &&
		    any_of(peek(p, 0), "bBrRuUfFLN@$")) {
			p->at += n;
			return;
		}
}

static bool
bracket(uint8_t c)
{
	return c == '(' || c == ')' || c == '[' || c == ']' || c == '{' ||
	       c == '}' || c == '\\';
}

static bool
bare_is_code(const struct assigned *a, struct span t)
{
	struct span v = span_of(t.ptr + a->start, a->end - a->start);
	bool plain = true;

	for (size_t i = 0; i < v.len; i++) {
		if (bracket(v.ptr[i]))
			return true;
		plain &= letter(v.ptr[i]) || v.ptr[i] == '_';
	}
	return plain || any_of(v.ptr[0], "$%{<[(&*|>~/`");
}

/* The name is "pass" and nothing more. */
static bool
named_pass(const struct place *p)
{
	return p->behind - p->key == 4 &&
	       same_part(p->t.ptr + p->key, 4, "pass");
}

/* "PASS: test 4" is a result; a password is pass=... or in quotes. */
static bool
is_result(const struct place *p, enum way way)
{
	return way == OPERATOR && byte(p, p->behind) == ':' && named_pass(p);
}

/* 'Pass "-O2" to it' is what somebody is told to do. */
static bool
is_verb(const struct place *p, enum way way)
{
	return way == BLANK && named_pass(p) && !commanded(p);
}

/* What is given to the name that has been read. */
static bool
read_value(struct place *p, struct assigned *out)
{
	bool tight, good;
	enum way way;

	way = read_way(p);
	if (way == NOT || is_verb(p, way))
		return false;
	tight = p->at > 0 && !blank(peek(p, 0));
	if (way == MARKUP)
		return read_markup(p, out) && p->at <= p->t.len;
	skip(p, false);
	over_string_prefix(p);
	if (p->at >= p->stop)
		return false;
	if (is_quote(peek(p, 0)) ||
	    (peek(p, 0) == '\\' &&
	     (is_quote(peek(p, 1)) || peek(p, 1) == '\\')))
		return read_quoted(p, out);
	if (way == LIST || is_result(p, way))
		return false;
	good = read_bare(p, tight || way == BLANK, out);
	return good && out->end > out->start && !bare_is_code(out, p->t);
}

bool
assign_find(struct span t, size_t at, struct assigned *out)
{
	struct place p = {.t = t, .at = at}, name;

	p.floor = at < ASSIGN_BACK ? 0 : at - ASSIGN_BACK + 1;
	p.stop = t.len - at < ASSIGN_REACH ? t.len : at + ASSIGN_REACH;
	if (!read_name(&p))
		return false;
	name = p;
	/* what the name is costs more than to see that nothing is given */
	return read_value(&p, out) && out->start - at <= ASSIGN_REACH &&
	       !name_is_other(&name);
}
