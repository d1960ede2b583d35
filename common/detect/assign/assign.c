#include "detect/assign/impl.h"

/* b"", r'', L"", @"" and up to two such letters. */
static void
over_string_prefix(struct assign_place *p)
{
	for (size_t n = 1; n <= 2; n++)
		if (is_quote(peek(p, n)) &&
		    any_of(peek(p, 0), "bBrRuUfFLN@$")) {
			p->at += n;
			return;
		}
}

/* The name is "pass" and nothing more. */
static bool
named_pass(const struct assign_place *p)
{
	return p->behind - p->key == 4 &&
	       same_part(p->t.ptr + p->key, 4, "pass");
}

/* "user: joe" is the line above. */
static bool
below_user(const struct assign_place *p)
{
	static const char *const words[] = {"user", "login", "email", "e-mail"};
	size_t i = p->key, end;

	while (i > p->floor &&
	       (blank(byte(p, i - 1)) || byte(p, i - 1) == '\r'))
		i--;
	if (i <= p->floor || byte(p, i - 1) != '\n')
		return false;
	end = --i;
	while (i > p->floor && byte(p, i - 1) != '\n')
		i--;
	while (i < end && blank(byte(p, i)))
		i++;
	for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++)
		if (end - i > strlen(words[k]) &&
		    same_part(p->t.ptr + i, strlen(words[k]), words[k]))
			return true;
	return false;
}

/* "PASS: test 4" is a result; a password is pass=... or in quotes. */
static bool
is_result(const struct assign_place *p, enum assign_way way)
{
	return way == ASSIGN_OPERATOR && byte(p, p->behind) == ':' &&
	       named_pass(p) && !assign_listed(p) && !below_user(p);
}

/* 'Pass "-O2" to it' is what somebody is told to do. */
static bool
is_verb(const struct assign_place *p, enum assign_way way)
{
	return way == ASSIGN_BLANK && named_pass(p) && !assign_commanded(p);
}

/* What is given to the name that has been read. */
static bool
read_value(struct assign_place *p, struct assigned *out)
{
	bool tight, good;
	enum assign_way way;

	way = assign_way(p);
	if (way == ASSIGN_NOT || is_verb(p, way))
		return false;
	tight = p->at > 0 && !blank(peek(p, 0));
	if (way == ASSIGN_MARKUP)
		return assign_markup(p, out) && p->at <= p->t.len;
	skip(p, false);
	over_string_prefix(p);
	if (p->at >= p->stop)
		return false;
	if (is_quote(peek(p, 0)) ||
	    (peek(p, 0) == '\\' &&
	     (is_quote(peek(p, 1)) || peek(p, 1) == '\\')))
		return assign_quoted(p, out);
	if (way == ASSIGN_LIST || is_result(p, way))
		return false;
	good = assign_bare(p, tight || way == ASSIGN_BLANK, out);
	return good && out->end > out->start && !assign_is_code(out, p->t);
}

bool
assign_find(struct span t, size_t at, struct assigned *out)
{
	struct assign_place p = {.t = t, .at = at}, name;

	p.floor = at < ASSIGN_BACK ? 0 : at - ASSIGN_BACK + 1;
	p.stop = t.len - at < ASSIGN_REACH ? t.len : at + ASSIGN_REACH;
	if (!assign_name(&p))
		return false;
	name = p;
	/* what the name is costs more than to see that nothing is given */
	return read_value(&p, out) && out->start - at <= ASSIGN_REACH &&
	       !assign_is_other(&name);
}
