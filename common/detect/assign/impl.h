#ifndef DETECT_ASSIGN_IMPL_H
#define DETECT_ASSIGN_IMPL_H

#include <stdint.h>
#include <string.h>

#include "detect/assign/assign.h"

/* assign_impl: what the parts of assign share. */

/* Where the reader of a text stands. */
struct assign_place {
	struct span t;
	size_t floor;       /* nothing before it is read */
	size_t at, stop;    /* nothing begins at or behind stop */
	size_t key, behind; /* the whole name */
};

static inline uint8_t
peek(const struct assign_place *p, size_t n)
{
	return p->at + n < p->t.len ? p->t.ptr[p->at + n] : 0;
}

static inline uint8_t
byte(const struct assign_place *p, size_t i)
{
	return i < p->t.len ? p->t.ptr[i] : 0;
}

static inline bool
letter(uint8_t c)
{
	return (uint8_t)((c | 32) - 'a') < 26;
}

static inline bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static inline bool
name_byte(uint8_t c)
{
	return letter(c) || digit(c) || c == '_' || c == '-' || c >= 0x80;
}

static inline bool
blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static inline bool
any_of(uint8_t c, const char *set)
{
	return c != 0 && strchr(set, c) != NULL;
}

static inline bool
takes(struct assign_place *p, const char *text)
{
	size_t n = strlen(text);

	if (p->at + n > p->t.len || memcmp(p->t.ptr + p->at, text, n) != 0)
		return false;
	p->at += n;
	return true;
}

static inline void
skip(struct assign_place *p, bool lines)
{
	while (p->at < p->stop &&
	       (blank(peek(p, 0)) ||
		(lines && (peek(p, 0) == '\n' || peek(p, 0) == '\r'))))
		p->at++;
}

static inline bool
is_quote(uint8_t c)
{
	return c == '"' || c == '\'' || c == '`';
}

static inline bool
same_part(const uint8_t *p, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if ((p[i] | 32) != (uint8_t)word[i])
			return false;
	return word[n] == 0;
}

/* How a value is given to a name. */
enum assign_way {
	ASSIGN_NOT,
	ASSIGN_OPERATOR,
	ASSIGN_MARKUP,
	ASSIGN_LIST, /* the next of arguments or cells */
	ASSIGN_BLANK
};

/* ---- the name (name.c) --------------------------------------------------- */

/* The whole name around `at`; false when it is too long for one. */
bool assign_name(struct assign_place *p);
/* It is of what goes with a secret and is none: resetPasswordUrl. */
bool assign_is_other(const struct assign_place *p);

/* ---- from the name to its value (way.c) ---------------------------------- */

enum assign_way assign_way(struct assign_place *p);
/* "ENV NAME value", "#define NAME value": the word right before the name. */
bool assign_commanded(const struct assign_place *p);
/* "login joe / pw value": one of several that are listed in a line. */
bool assign_listed(const struct assign_place *p);

/* ---- the value (value.c) ------------------------------------------------- */

bool assign_quoted(struct assign_place *p, struct assigned *out);
/* tight: no blank is before it. */
bool assign_bare(struct assign_place *p, bool tight, struct assigned *out);
bool assign_markup(struct assign_place *p, struct assigned *out);
/* A value without quotes that is a call, a variable or a plain word. */
bool assign_is_code(const struct assigned *a, struct span t);

#endif
