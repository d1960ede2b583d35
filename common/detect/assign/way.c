#include "detect/assign/impl.h"

/* An operator of `name op value`. */
static bool
operator_at(struct assign_place *p)
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
value_word(struct assign_place *p)
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
over_type(struct assign_place *p)
{
	size_t from = p->at;
	struct assign_place q = *p;

	skip(&q, false);
	while (q.at < q.stop && q.at < from + 40 &&
	       (name_byte(peek(&q, 0)) || any_of(peek(&q, 0), ".<>[]&?| ")))
		q.at++;
	if (q.at > from && peek(&q, 0) == '=' && peek(&q, 1) != '=' &&
	    !any_of(byte(&q, from + (byte(&q, from) == ' ')), "=.<>]?|") &&
	    byte(&q, q.at - 1) == ' ')
		p->at = q.at + 1;
}

/* ["name"]=> and string(9) "value" in the next line, as PHP dumps things. */
static void
over_dump(struct assign_place *p)
{
	struct assign_place q = *p;

	skip(&q, true);
	if (!takes(&q, "string("))
		return;
	while (digit(peek(&q, 0)))
		q.at++;
	if (takes(&q, ") \""))
		p->at = q.at - 1;
}

/* "<", "<s:" or "<smtp." before the name. */
static bool
opens_tag(const struct assign_place *p)
{
	size_t i = p->key;

	while (i > p->floor && byte(p, i - 1) == '.') {
		i--;
		while (i > p->floor && name_byte(byte(p, i - 1)))
			i--;
	}
	return i > 0 && (byte(p, i - 1) == '<' || byte(p, i - 1) == ':');
}

/* > of <name> or <tag key="name">; the value is what its element holds. */
static bool
markup_at(struct assign_place *p, bool closed)
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
	return closed || opens_tag(p);
}

/* gh secret set NAME --body "value", az keyvault secret set ... --value "v" */
static bool
value_flag(struct assign_place *p)
{
	struct assign_place q = *p;

	skip(&q, false);
	if (q.at == p->at || (!takes(&q, "--body") && !takes(&q, "--value")) ||
	    (!blank(peek(&q, 0)) && peek(&q, 0) != '='))
		return false;
	p->at = q.at + 1;
	return true;
}

/* "ENV NAME value", "#define NAME value": the word right before the name. */
bool
assign_commanded(const struct assign_place *p)
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

/* "is" in the tongues of the names: a blank or a colon follows. */
static bool
is_word(struct assign_place *p)
{
	static const char *const words[] = {
	    "is",   "ist",      "lautet",   "est",      "es",
	    "jest", "\xc3\xa8", "\xc3\xa9", "\xc3\xa4r"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct assign_place q = *p;

		if (takes(&q, words[i]) &&
		    (blank(peek(&q, 0)) ||
		     (peek(&q, 0) == ':' && blank(peek(&q, 1))))) {
			*p = q;
			return true;
		}
	}
	return false;
}

/* "name string = value" of Go, "the name is value" of people. */
static bool
told_at(struct assign_place *p)
{
	struct assign_place q = *p;

	skip(&q, false);
	if (q.at == p->at)
		return false;
	if (takes(&q, "string")) {
		skip(&q, false);
		if (peek(&q, 0) != '=' || peek(&q, 1) == '=')
			return false;
	} else if (!is_word(&q)) {
		return false;
	}
	p->at = q.at + 1;
	return true;
}

/* "user: joe / pass: ...": one of several that are listed in a line. */
bool
assign_listed(const struct assign_place *p)
{
	return p->key >= p->floor + 2 && blank(byte(p, p->key - 1)) &&
	       any_of(byte(p, p->key - 2), ",;/|");
}

/*
 * Nothing but "set" and what quotes a mail or indents stands before the name in
 * its line.
 */
static bool
first_word(const struct assign_place *p)
{
	size_t i = p->key;

	if (i >= p->floor + 4 && memcmp(p->t.ptr + i - 4, "set ", 4) == 0)
		i -= 4;
	while (i > p->floor && (blank(byte(p, i - 1)) || byte(p, i - 1) == '>'))
		i--;
	return i == 0 || (i > p->floor && byte(p, i - 1) == '\n');
}

/* A blank behind the name, and nothing behind the value but its line's end. */
static bool
spaced(const struct assign_place *p)
{
	size_t i = p->behind, from;

	if (!blank(byte(p, i)))
		return false;
	from = ++i;
	while (byte(p, i) > ' ' && i - from < ASSIGN_VALUE)
		i++;
	return i > from &&
	       (byte(p, i) == 0 || byte(p, i) == '\r' || byte(p, i) == '\n');
}

/* | name | value |: a row of a table whose first cell is the name. */
static bool
cell_at(struct assign_place *p)
{
	size_t at = p->key;

	/* name|value, the whole line, or a tab for the bar */
	if (at == 0 || byte(p, at - 1) == '\n')
		return spaced(p) || (p->at == p->behind && peek(p, 1) > ' ' &&
				     takes(p, "|"));
	if ((first_word(p) || assign_listed(p)) && spaced(p))
		return true;
	while (at > p->floor && blank(byte(p, at - 1)))
		at--;
	if (at == p->key || byte(p, at - 1) != '|' || peek(p, 0) != '|' ||
	    !blank(peek(p, 1)))
		return false;
	return (at == 1 || byte(p, at - 2) == '\n') && takes(p, "|");
}

enum assign_way
assign_way(struct assign_place *p)
{
	bool closed = false, flag;
	struct assign_place q;

	while (p->at < p->behind + 3 && any_of(peek(p, 0), "\\\"'`])")) {
		closed |= is_quote(peek(p, 0));
		p->at++;
	}
	if (p->key > 0 && markup_at(p, closed))
		return ASSIGN_MARKUP;
	q = *p;
	if (value_word(&q)) {
		*p = q;
		return ASSIGN_OPERATOR;
	}
	if (told_at(p) || value_flag(p))
		return ASSIGN_OPERATOR;
	flag = byte(p, p->key) == '-' && blank(peek(p, 0));
	skip(p, false);
	if (operator_at(p)) {
		over_type(p);
		over_dump(p);
		return ASSIGN_OPERATOR;
	}
	if (closed && takes(p, ","))
		return ASSIGN_LIST;
	if (p->at == p->behind && takes(p, "("))
		return ASSIGN_LIST;
	if (p->at == p->behind + 1 && !closed &&
	    (is_quote(peek(p, 0)) || assign_commanded(p)))
		return ASSIGN_BLANK;
	return flag || cell_at(p) ? ASSIGN_BLANK : ASSIGN_NOT;
}
