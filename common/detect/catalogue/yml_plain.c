#include "detect/catalogue/yml_plain_impl.h"

#include <string.h>

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
		return yml_quoted(r, out);
	return yml_bare_inside(r, out);
}

/* NOLINTNEXTLINE(misc-no-recursion): to YML_DEPTH */
static bool
inside(struct plain *r, unsigned depth, struct yml_node **out)
{
	bool map = *r->at == '{';
	struct yml_node *n = yml_node_new(r, map ? YML_MAP : YML_LIST), *kid;
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
		return inside_value(r, depth, out) && yml_next_line(r, false);
	return yml_bare(r, column, out);
}

/* NOLINTNEXTLINE(misc-no-recursion): to YML_DEPTH */
static bool
value(struct plain *r, unsigned column, unsigned depth, struct yml_node **out)
{
	size_t blanks = skip_blanks(r);

	if (!is(r, '\n') && !(is(r, '#') && blanks > 0))
		return behind(r, column, depth, out);
	r->at -= blanks;
	return yml_next_line(r, false) && r->at < r->end &&
	       r->column > column && block(r, depth, out);
}

/* NOLINTNEXTLINE(misc-no-recursion): to YML_DEPTH */
static bool
map_at(struct plain *r, unsigned depth, struct yml_node **out)
{
	struct yml_node *n = yml_node_new(r, YML_MAP), *kid;
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
	struct yml_node *n = yml_node_new(r, YML_LIST), *kid;
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
	if (!yml_next_line(&r, true) || r.at == r.end || r.column > 0 ||
	    !block(&r, 0, &top) || r.at != r.end)
		return false;
	*root = top;
	return true;
}
