#include "detect/catalogue/yml_plain.h"

#include <string.h>

struct plain {
	const uint8_t *at, *end;
	unsigned line;   /* of at, from 1 */
	unsigned column; /* of at, where a line was begun */
	unsigned lines;  /* that next_line() went down */
	size_t nodes;
	struct arena *arena;
	/* Room for all texts: each is shorter than what it stands in. */
	char *text, *text_end;
};

/* What a byte may be in a text without quotes. */
enum {
	NAME = 1, /* of a key */
	FIRST = 2,
	INNER = 4 /* within [] and {} */
};

static const uint8_t kinds[256] = {
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

/* ---- which bytes --------------------------------------------------------- */

/* Length of a character that ends no line and may be printed, else 0. */
static size_t
wide(const uint8_t *p, size_t n)
{
	uint32_t c;

	if (p[0] >= 0xc2 && p[0] < 0xe0 && n >= 2 && (p[1] & 0xc0) == 0x80)
		return p[0] > 0xc2 || p[1] >= 0xa0 ? 2 : 0;
	if (p[0] < 0xe0 || p[0] >= 0xf0 || n < 3 || (p[1] & 0xc0) != 0x80 ||
	    (p[2] & 0xc0) != 0x80)
		return 0;
	c = (p[0] & 15U) << 12 | (p[1] & 63U) << 6 | (p[2] & 63U);
	if (c < 0x800 || (c >= 0xd800 && c < 0xe000) || c == 0x2028 ||
	    c == 0x2029 || c == 0xfeff || c >= 0xfffe)
		return 0;
	return 3;
}

/* No tabs, no carriage returns, nothing that cannot be printed. */
static bool
clean(struct span s)
{
	size_t i = 0, n;

	while (i < s.len) {
		uint8_t c = s.ptr[i];

		if ((c >= ' ' && c < 0x7f) || c == '\n') {
			i++;
			continue;
		}
		n = wide(s.ptr + i, s.len - i);
		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

static bool
is(const struct plain *r, uint8_t c)
{
	return r->at < r->end && *r->at == c;
}

static bool
is_kind(const uint8_t *p, const struct plain *r, unsigned kind)
{
	return p < r->end && (kinds[*p] & kind) != 0;
}

/* ---- nodes and texts ----------------------------------------------------- */

static struct yml_node *
node_new(struct plain *r, enum yml_kind kind)
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

static size_t
skip_blanks(struct plain *r)
{
	const uint8_t *from = r->at;

	while (is(r, ' '))
		r->at++;
	return (size_t)(r->at - from);
}

/*
 * Over the rest of this line, which may be blank or a comment, and over lines
 * that are; false: something else stands there.
 */
static bool
next_line(struct plain *r, bool fresh)
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

static bool
quoted(struct plain *r, struct yml_node **out)
{
	struct yml_node *n = node_new(r, YML_SCALAR);
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

/* Without quotes; lines of more indent than `column` go on with it. */
static bool
bare(struct plain *r, unsigned column, struct yml_node **out)
{
	struct yml_node *n = node_new(r, YML_SCALAR);
	struct saying s = say_begin(r);
	bool whole;

	if (n == NULL || !is_kind(r->at, r, FIRST))
		return false;
	do {
		if (!bare_line(r, &s))
			return false;
		whole = !is(r, ' '); /* no comment ends it */
		if (!next_line(r, false))
			return false;
		whole &= r->at < r->end && r->lines == 1 && r->column > column;
	} while (whole && say_fold(r, &s));
	*out = n;
	return !whole && say_end(r, &s, n);
}

/* Within [] and {}: on one line, of few bytes. */
static bool
bare_inside(struct plain *r, struct yml_node **out)
{
	struct yml_node *n = node_new(r, YML_SCALAR);
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

/* ---- keys ---------------------------------------------------------------- */

#define KEY_BYTES 100

/* Length of the key that stands here; 0: none that is plain. */
static size_t
key_here(const struct plain *r)
{
	const uint8_t *p = r->at;

	while (is_kind(p, r, NAME) && p - r->at < KEY_BYTES)
		p++;
	if (p == r->at || r->end - p < 2 || p[0] != ':' ||
	    (p[1] != ' ' && p[1] != '\n'))
		return 0;
	return (size_t)(p - r->at);
}

/* Takes it and its colon; false when there is none or it stands twice. */
static bool
key_take(struct plain *r, const struct yml_node *map, const char **out)
{
	size_t n = key_here(r);

	if (n == 0 || (size_t)(r->text_end - r->text) <= n)
		return false;
	memcpy(r->text, r->at, n);
	r->text[n] = 0;
	*out = r->text;
	r->text += n + 1;
	r->at += n + 1;
	return yml_find(map, *out) == NULL;
}

static struct yml_node **
hang(struct yml_node *parent, const char *key, struct yml_node *kid,
     struct yml_node **tail)
{
	kid->key = key;
	parent->count++;
	*tail = kid;
	return &kid->next;
}

/* ---- [a, b] and {k: v} --------------------------------------------------- */

static bool
inside_blanks(struct plain *r)
{
	skip_blanks(r);
	while (is(r, '\n')) {
		r->at++;
		r->line++;
		if (skip_blanks(r) == 0)
			return false;
	}
	return r->at < r->end;
}

static bool inside(struct plain *r, unsigned depth, struct yml_node **out);

/* NOLINTNEXTLINE(misc-no-recursion): to YML_DEPTH */
static bool
inside_value(struct plain *r, unsigned depth, struct yml_node **out)
{
	if (is(r, '[') || is(r, '{'))
		return inside(r, depth, out);
	if (is(r, '"') || is(r, '\''))
		return quoted(r, out);
	return bare_inside(r, out);
}

/* NOLINTNEXTLINE(misc-no-recursion): to YML_DEPTH */
static bool
inside(struct plain *r, unsigned depth, struct yml_node **out)
{
	bool map = *r->at == '{';
	struct yml_node *n = node_new(r, map ? YML_MAP : YML_LIST), *kid;
	struct yml_node **tail = n == NULL ? NULL : &n->first;
	uint8_t close = map ? '}' : ']';

	if (n == NULL || depth == YML_DEPTH)
		return false;
	r->at++;
	while (inside_blanks(r) && !is(r, close)) {
		const char *key = NULL;

		if (map && (!key_take(r, n, &key) || !inside_blanks(r)))
			return false;
		if (!inside_value(r, depth + 1, &kid) || !inside_blanks(r))
			return false;
		tail = hang(n, key, kid, tail);
		if (is(r, ','))
			r->at++;
		else if (!is(r, close))
			return false;
	}
	if (!is(r, close))
		return false;
	r->at++;
	*out = n;
	return true;
}

/* ---- by indent ----------------------------------------------------------- */

static bool block(struct plain *r, unsigned depth, struct yml_node **out);

/* What stands behind "key: " or "- " in something at `column`. */
static bool
behind(struct plain *r, unsigned column, unsigned depth, struct yml_node **out)
{
	if (is(r, '[') || is(r, '{') || is(r, '"') || is(r, '\''))
		return inside_value(r, depth, out) && next_line(r, false);
	return bare(r, column, out);
}

/* NOLINTNEXTLINE(misc-no-recursion): to YML_DEPTH */
static bool
value(struct plain *r, unsigned column, unsigned depth, struct yml_node **out)
{
	size_t blanks = skip_blanks(r);

	if (!is(r, '\n') && !(is(r, '#') && blanks > 0))
		return behind(r, column, depth, out);
	r->at -= blanks;
	return next_line(r, false) && r->at < r->end && r->column > column &&
	       block(r, depth, out);
}

/* NOLINTNEXTLINE(misc-no-recursion): to YML_DEPTH */
static bool
map_at(struct plain *r, unsigned depth, struct yml_node **out)
{
	struct yml_node *n = node_new(r, YML_MAP), *kid;
	struct yml_node **tail = n == NULL ? NULL : &n->first;
	unsigned column = r->column;
	const char *key;

	if (n == NULL || depth == YML_DEPTH)
		return false;
	do {
		if (!key_take(r, n, &key) || !value(r, column, depth + 1, &kid))
			return false;
		tail = hang(n, key, kid, tail);
	} while (r->at < r->end && r->column == column);
	*out = n;
	return r->at == r->end || r->column < column;
}

/* NOLINTNEXTLINE(misc-no-recursion): to YML_DEPTH */
static bool
list_at(struct plain *r, unsigned depth, struct yml_node **out)
{
	struct yml_node *n = node_new(r, YML_LIST), *kid;
	struct yml_node **tail = n == NULL ? NULL : &n->first;
	unsigned column = r->column;
	bool good;

	if (n == NULL || depth == YML_DEPTH)
		return false;
	do {
		size_t blanks;

		r->at++;
		blanks = skip_blanks(r);
		if (blanks == 0)
			return false;
		r->column = column + 1 + (unsigned)blanks;
		if (is(r, '-') && r->at + 1 < r->end && r->at[1] == ' ')
			good = list_at(r, depth + 1, &kid);
		else if (key_here(r) > 0)
			good = map_at(r, depth + 1, &kid);
		else
			good = behind(r, column, depth + 1, &kid);
		if (!good)
			return false;
		tail = hang(n, NULL, kid, tail);
	} while (is(r, '-') && r->column == column);
	*out = n;
	return r->at == r->end || r->column < column;
}

/* NOLINTNEXTLINE(misc-no-recursion): to YML_DEPTH */
static bool
block(struct plain *r, unsigned depth, struct yml_node **out)
{
	return is(r, '-') ? list_at(r, depth, out) : map_at(r, depth, out);
}

bool
yml_plain(struct span bytes, struct arena *nodes, struct arena *texts,
	  struct yml_node **root)
{
	struct plain r = {.at = bytes.ptr, .line = 1, .arena = nodes};
	struct yml_node *top = NULL;

	if (bytes.len == 0 || bytes.len > YML_BYTES || !clean(bytes))
		return false;
	r.end = bytes.ptr + bytes.len;
	r.text = arena_take(texts, bytes.len + 1);
	if (r.text == NULL)
		return false;
	r.text_end = r.text + bytes.len + 1;
	if (!next_line(&r, true) || r.at == r.end || r.column > 0 ||
	    !block(&r, 0, &top) || r.at != r.end)
		return false;
	*root = top;
	return true;
}
