#include <string.h>

#include "base/str.h"
#include "extract/data/lines.h"

#define LEVELS   24
#define NAME_MAX 64

#define LOOK_LINES 20 /* by which YAML is told */

struct level {
	uint32_t indent, index; /* index: of a list's entry */
	bool list, block;       /* block: what is deeper is text */
	uint8_t len;
	uint8_t name[NAME_MAX];
};

struct yaml {
	struct line line;
	size_t depth;
	struct level levels[LEVELS];
};

static void
push(struct yaml *y, uint32_t indent, bool list, struct span name)
{
	struct level *l;

	if (y->depth == LEVELS)
		return;
	l = &y->levels[y->depth++];
	*l = (struct level){.indent = indent, .list = list};
	l->len = (uint8_t)(name.len < NAME_MAX ? name.len : NAME_MAX);
	if (l->len > 0)
		memcpy(l->name, name.ptr, l->len);
}

/* Leave what is not around this indent; a list may stand below its key. */
static void
leave(struct yaml *y, uint32_t indent, bool entry)
{
	while (y->depth > 0) {
		const struct level *l = &y->levels[y->depth - 1];

		if (l->indent < indent ||
		    (l->indent == indent && entry && !l->list))
			return;
		if (l->indent == indent && entry && l->list)
			return;
		y->depth--;
	}
}

static void
entry(struct yaml *y, uint32_t indent)
{
	struct level *l;

	leave(y, indent, true);
	l = y->depth > 0 ? &y->levels[y->depth - 1] : NULL;
	if (l != NULL && l->list && l->indent == indent)
		l->index++;
	else
		push(y, indent, true, span_of(NULL, 0));
}

/* From *at on; false: there is none. */
static bool
next_sign(struct span s, uint8_t sign, size_t *at)
{
	const uint8_t *p =
	    *at < s.len ? memchr(s.ptr + *at, sign, s.len - *at) : NULL;

	if (p != NULL)
		*at = (size_t)(p - s.ptr);
	return p != NULL;
}

static bool
has_comment(struct span s)
{
	for (size_t i = 0; next_sign(s, '#', &i); i++)
		if (i == 0 || s.ptr[i - 1] == ' ')
			return true;
	return false;
}

/* The name before a colon; empty: there is none. */
static struct span
key_of(struct span s, struct span *value)
{
	for (size_t i = 0; next_sign(s, ':', &i); i++) {
		if (i + 1 < s.len && s.ptr[i + 1] != ' ')
			continue;
		if (has_comment(span_of(s.ptr, i)))
			break;
		*value = str_trim(span_skip(s, i + 1));
		s = str_trim(span_of(s.ptr, i));
		if (s.len >= 2 && (s.ptr[0] == '"' || s.ptr[0] == '\''))
			s = span_of(s.ptr + 1, s.len - 2);
		return s;
	}
	return span_of(s.ptr, 0);
}

static bool
in_block(const struct yaml *y, uint32_t indent)
{
	return y->depth > 0 && y->levels[y->depth - 1].block &&
	       indent > y->levels[y->depth - 1].indent;
}

/* What a line says about itself and those below it. */
static void
read_line(struct yaml *y, struct span s)
{
	uint32_t indent = 0;
	struct span name, value = {0};

	while (s.len > 0 && s.ptr[s.len - 1] == '\r')
		s.len--;
	while (indent < s.len && s.ptr[indent] == ' ')
		indent++;
	s = span_skip(s, indent);
	if (s.len == 0 || s.ptr[0] == '#' || in_block(y, indent))
		return;
	while (s.len > 0 && s.ptr[0] == '-' &&
	       (s.len == 1 || s.ptr[1] == ' ')) {
		size_t n = 1;

		while (n < s.len && s.ptr[n] == ' ')
			n++;
		entry(y, indent);
		indent += (uint32_t)n;
		s = span_skip(s, n);
	}
	name = key_of(s, &value);
	if (name.len == 0)
		return;
	leave(y, indent, false);
	push(y, indent, false, name);
	if (value.len > 0 && track_is(value.ptr[0], "|>"))
		y->levels[y->depth - 1].block = true;
}

static void
feed(void *state, struct span s)
{
	struct yaml *y = state;

	while (s.len > 0)
		if (line_take(&y->line, &s)) {
			read_line(y, line_span(&y->line));
			line_next(&y->line);
		}
}

static size_t
say(const void *state, char *dst, size_t room)
{
	struct yaml y = *(const struct yaml *)state;
	size_t n = track_print(dst, room, 0, "line %llu",
			       (unsigned long long)y.line.number + 1);

	read_line(&y, line_span(&y.line));
	for (size_t i = 0; i < y.depth; i++) {
		const struct level *l = &y.levels[i];

		if (l->list) {
			n = track_print(dst, room, n, "%s[%lu]",
					i == 0 ? " " : "",
					(unsigned long)l->index);
			continue;
		}
		n = track_add(dst, room, n, span_str(i == 0 ? " " : "."));
		n = track_add(dst, room, n, span_of(l->name, l->len));
	}
	return n;
}

/* ---- telling ---------------------------------------------------------------
 */

struct sight {
	size_t nodes, keys, lines, nested;
	size_t block; /* 1 more than the indent of a key with a text below it */
};

/* A key of one word, or an entry of a list. */
static bool
is_node(struct span s, struct span *value)
{
	struct span name;

	if (s.len >= 2 && s.ptr[0] == '-' && s.ptr[1] == ' ')
		return true;
	name = key_of(s, value);
	return name.len > 0 && line_until(name, " \t(){}<>,;=") == name.len;
}

static void
see_line(struct sight *t, struct span line)
{
	struct span s = str_trim(line), value = {0};
	size_t indent = (size_t)(s.ptr - line.ptr);
	bool node;

	if (s.len == 0 || s.ptr[0] == '#' || s.ptr[0] == '%' ||
	    (s.len == 3 && memcmp(s.ptr, "---", 3) == 0) ||
	    (t->block > 0 && indent >= t->block))
		return;
	node = is_node(s, &value);
	t->lines++;
	t->nodes += node;
	t->nested += node && (indent > 0 || s.ptr[0] == '-');
	t->keys += node && s.ptr[0] != '-' && line.ptr[0] != '\t';
	t->block =
	    value.len > 0 && track_is(value.ptr[0], "|>") ? indent + 1 : 0;
}

/* Names and values alone may be anything: a letter, the head of a mail. */
bool
yaml_is(struct format_look *l)
{
	uint8_t head[TRACK_HEAD];
	struct span rest = track_head(l, head), line;
	bool marked = rest.len >= 4 && memcmp(rest.ptr, "---\n", 4) == 0;
	struct sight t = {0};

	while (t.lines < LOOK_LINES && line_of_head(&rest, &line)) {
		see_line(&t, line);
		if (t.lines - t.nodes > LOOK_LINES / 4)
			return false; /* whatever follows */
	}
	return t.keys > 0 && t.nodes * 4 >= t.lines * 3 &&
	       (marked || t.nested > 0 || t.block > 0);
}

const struct track_kind yaml_places = {sizeof(struct yaml), feed, say};
