#include "detect/catalogue/yml_plain_impl.h"

#include <string.h>

const uint8_t yml_bytes[256] = {
    ['A' ... 'Z'] = NAME | FIRST | INNER,
    ['a' ... 'z'] = NAME | FIRST | INNER,
    ['0' ... '9'] = NAME | FIRST | INNER,
    ['_'] = NAME | FIRST | INNER,
    ['-'] = INNER,
    ['.'] = FIRST | INNER,
    ['/'] = FIRST | INNER,
    ['+'] = FIRST | INNER,
    ['('] = FIRST | INNER,
    [')'] = INNER,
    ['='] = INNER,
    ['*'] = INNER,
    [' '] = INNER,
    [0x80 ... 0xff] = FIRST | INNER,
};

/* ---- nodes and texts ----------------------------------------------------- */

struct yml_node *
yml_node_new(struct plain *r, enum yml_kind kind)
{
	struct yml_node *n =
	    r->nodes == YML_NODES ? NULL : arena_take(r->arena, sizeof(*n));

	if (n == NULL)
		return NULL;
	r->nodes++;
	n->kind = kind;
	n->line = r->line;
	return n;
}

/* A text while it is read. */
struct saying {
	char *first, *solid; /* behind the last byte that is no blank of it */
};

static struct saying
say_begin(const struct plain *r)
{
	return (struct saying){r->text, r->text};
}

static bool
say(struct plain *r, struct saying *s, uint8_t c)
{
	if (r->text == r->text_end)
		return false;
	*r->text++ = (char)c;
	if (c != ' ')
		s->solid = r->text;
	return true;
}

/* Blanks at the end of a line are none, its end is one. */
static bool
say_fold(struct plain *r, struct saying *s)
{
	r->text = s->solid;
	if (!say(r, s, ' '))
		return false;
	s->solid = r->text;
	return true;
}

static bool
say_end(struct plain *r, const struct saying *s, struct yml_node *n)
{
	if (r->text == r->text_end)
		return false;
	n->text = s->first;
	n->len = (size_t)(r->text - s->first);
	*r->text++ = 0;
	return true;
}

bool
yml_next_line(struct plain *r, bool fresh)
{
	for (r->lines = 0;; r->lines++, fresh = true) {
		size_t blanks = skip_blanks(r);

		if (is(r, '#') && (fresh || blanks > 0)) {
			r->at = memchr(r->at, '\n', (size_t)(r->end - r->at));
			r->at = r->at == NULL ? r->end : r->at;
		}
		r->column = (unsigned)blanks;
		if (r->at == r->end)
			return true;
		if (*r->at != '\n')
			return fresh;
		r->at++;
		r->line++;
	}
}

/* ---- scalars ------------------------------------------------------------- */

/* Within quotes, at the end of a line. */
static bool
quoted_fold(struct plain *r, struct saying *s)
{
	r->at++;
	r->line++;
	return skip_blanks(r) > 0 && !is(r, '\n') && say_fold(r, s);
}

/* Behind a backslash. */
static bool
quoted_escape(struct plain *r, struct saying *s)
{
	static const char names[] = "\\\"/nrt", means[] = "\\\"/\n\r\t";
	const char *p;

	if (r->at == r->end || *r->at == 0)
		return false;
	p = strchr(names, *r->at);
	if (p == NULL || !say(r, s, (uint8_t)means[p - names]))
		return false;
	r->at++;
	return true;
}

bool
yml_quoted(struct plain *r, struct yml_node **out)
{
	struct yml_node *n = yml_node_new(r, YML_SCALAR);
	struct saying s = say_begin(r);
	uint8_t quote = *r->at++;
	bool good = n != NULL;

	while (good && r->at < r->end) {
		uint8_t c = *r->at;

		if (c == '\n') {
			good = quoted_fold(r, &s);
			continue;
		}
		r->at++;
		if (c == '\\' && quote == '"') {
			good = quoted_escape(r, &s);
			continue;
		}
		if (c != quote) {
			good = say(r, &s, c);
			continue;
		}
		if (quote == '\'' && is(r, '\'')) {
			good = say(r, &s, *r->at++);
			continue;
		}
		*out = n;
		return say_end(r, &s, n);
	}
	return false;
}

/* To the end of the line or a comment; false where it may be a key. */
static bool
bare_line(struct plain *r, struct saying *s)
{
	for (; r->at < r->end && *r->at != '\n'; r->at++) {
		const uint8_t *next = r->at + 1;

		if (*r->at == ' ' && next < r->end && *next == '#')
			break;
		if (*r->at == ':' &&
		    (next == r->end || *next == ' ' || *next == '\n'))
			return false;
		if (!say(r, s, *r->at))
			return false;
	}
	r->text = s->solid;
	return true;
}

bool
yml_bare(struct plain *r, unsigned column, struct yml_node **out)
{
	struct yml_node *n = yml_node_new(r, YML_SCALAR);
	struct saying s = say_begin(r);
	bool whole;

	if (n == NULL || !is_kind(r->at, r, FIRST))
		return false;
	do {
		if (!bare_line(r, &s))
			return false;
		whole = !is(r, ' '); /* no comment ends it */
		if (!yml_next_line(r, false))
			return false;
		whole &= r->at < r->end && r->lines == 1 && r->column > column;
	} while (whole && say_fold(r, &s));
	*out = n;
	return !whole && say_end(r, &s, n);
}

bool
yml_bare_inside(struct plain *r, struct yml_node **out)
{
	struct yml_node *n = yml_node_new(r, YML_SCALAR);
	struct saying s = say_begin(r);

	if (n == NULL)
		return false;
	if (!is_kind(r->at, r, FIRST) &&
	    !(is(r, '-') && is_kind(r->at + 1, r, NAME)))
		return false;
	for (; is_kind(r->at, r, INNER); r->at++)
		if (!say(r, &s, *r->at))
			return false;
	r->text = s.solid;
	*out = n;
	return say_end(r, &s, n);
}
