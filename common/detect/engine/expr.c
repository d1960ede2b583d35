#include "detect/engine/expr.h"

#include <stdlib.h>
#include <string.h>

#define NODES_MAX  8192
#define NESTED_MAX 16

struct reader {
	struct expr *e;
	const char *p;
	unsigned depth;
	bool caseless, failed;
};

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static uint32_t
bounded(uint64_t n)
{
	return n > EXPR_ENDLESS ? EXPR_ENDLESS : (uint32_t)n;
}

static uint16_t
fail(struct reader *r)
{
	r->failed = true;
	return 0;
}

static uint16_t
node_new(struct reader *r, enum expr_kind kind)
{
	if (r->e->count == NODES_MAX)
		return fail(r);
	r->e->node[r->e->count] = (struct expr_node){.kind = kind};
	return (uint16_t)r->e->count++;
}

/* ---- sets ---------------------------------------------------------------- */

static void
add_range(struct class_set *s, unsigned low, unsigned high)
{
	for (unsigned c = low; c <= high; c++)
		class_add(s, (uint8_t)c);
}

static void
add_both_cases(struct class_set *s)
{
	for (unsigned c = 'a'; c <= 'z'; c++) {
		if (class_has(s, (uint8_t)c))
			class_add(s, (uint8_t)(c - 32));
		else if (class_has(s, (uint8_t)(c - 32)))
			class_add(s, (uint8_t)c);
	}
}

static void
invert(struct class_set *s)
{
	for (unsigned i = 0; i < 4; i++)
		s->bits[i] = ~s->bits[i];
}

/* \d and its like; false when it is none. */
static bool
named_set(char c, struct class_set *s)
{
	*s = (struct class_set){{0}};
	switch (c | 32) {
	case 'w':
		add_range(s, 'a', 'z');
		add_range(s, 'A', 'Z');
		class_add(s, '_');
		add_range(s, '0', '9');
		break;
	case 'd':
		add_range(s, '0', '9');
		break;
	case 's':
		add_range(s, '\t', '\r');
		class_add(s, ' ');
		break;
	default:
		return false;
	}
	if ((c & 32) == 0)
		invert(s);
	return true;
}

static int
hex(char c)
{
	if (digit(c))
		return c - '0';
	return (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* What stands behind a backslash and is one byte; -1 when it is not that. */
static int
escaped_byte(struct reader *r)
{
	char c = *r->p++;
	int high, low;

	switch (c) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case 'x':
		high = hex(r->p[0]);
		low = high < 0 ? -1 : hex(r->p[1]);
		if (low < 0)
			return -1;
		r->p += 2;
		return high * 16 + low;
	default:
		return c == 0 || digit(c) || letter(c) ? -1 : (uint8_t)c;
	}
}

/* One member of a set; -1: it was a named set, or the expression fails. */
static int
read_member(struct reader *r, struct class_set *s)
{
	struct class_set named;
	char c = *r->p++;
	int byte;

	if (c == '[' && (*r->p == ':' || *r->p == '.' || *r->p == '='))
		(void)fail(r); /* [:alpha:] and its like */
	if (c != '\\')
		return (uint8_t)c;
	if (named_set(*r->p, &named)) {
		r->p++;
		for (unsigned i = 0; i < 4; i++)
			s->bits[i] |= named.bits[i];
		return -1;
	}
	byte = escaped_byte(r);
	if (byte < 0)
		(void)fail(r);
	return byte;
}

static void
read_range(struct reader *r, struct class_set *s)
{
	int low = read_member(r, s), high = low;

	if (low < 0 || r->failed)
		return;
	if (*r->p == '-' && r->p[1] != ']' && r->p[1] != 0) {
		r->p++;
		high = read_member(r, s);
	}
	if (high < low)
		(void)fail(r);
	else
		add_range(s, (unsigned)low, (unsigned)high);
}

static uint16_t
set_node(struct reader *r, const struct class_set *s)
{
	uint16_t n = node_new(r, EXPR_SET);

	if (r->failed)
		return 0;
	r->e->node[n].set = *s;
	if (r->caseless)
		add_both_cases(&r->e->node[n].set);
	r->e->node[n].least = r->e->node[n].most = 1;
	return n;
}

static uint16_t
byte_node(struct reader *r, uint8_t byte)
{
	struct class_set s = {{0}};

	class_add(&s, byte);
	return set_node(r, &s);
}

static uint16_t
read_set(struct reader *r)
{
	struct class_set s = {{0}};
	bool others = *r->p == '^';

	r->p += others;
	if (*r->p == ']')
		return fail(r);
	while (*r->p != ']' && !r->failed) {
		if (*r->p == 0)
			return fail(r);
		read_range(r, &s);
	}
	if (r->failed)
		return 0;
	r->p++;
	if (others && r->caseless)
		add_both_cases(&s);
	if (others)
		invert(&s);
	return set_node(r, &s);
}

static uint16_t
read_escape(struct reader *r)
{
	struct class_set s;
	int byte;

	if (*r->p == 'b') {
		r->p++;
		return node_new(r, EXPR_BOUNDARY);
	}
	if (named_set(*r->p, &s)) {
		r->p++;
		return set_node(r, &s);
	}
	byte = escaped_byte(r);
	return byte < 0 ? fail(r) : byte_node(r, (uint8_t)byte);
}

/* ---- groups, repeats, choices -------------------------------------------- */

static uint16_t read_choice(struct reader *r);

static bool
takes(struct reader *r, const char *text)
{
	size_t n = strlen(text);

	if (strncmp(r->p, text, n) != 0)
		return false;
	r->p += n;
	return true;
}

static uint16_t
read_group(struct reader *r)
{
	bool caseless = r->caseless;
	uint16_t n;

	if (takes(r, "?i:"))
		r->caseless = true;
	else if (takes(r, "?-i:"))
		r->caseless = false;
	else if (!takes(r, "?:") && *r->p == '?')
		return fail(r);
	if (r->depth == NESTED_MAX)
		return fail(r);
	r->depth++;
	n = read_choice(r);
	r->depth--;
	r->caseless = caseless;
	if (r->failed || *r->p != ')')
		return fail(r);
	r->p++;
	return n;
}

static uint16_t
read_atom(struct reader *r)
{
	struct class_set all = {{0}};
	char c = *r->p++;

	switch (c) {
	case '(':
		return read_group(r);
	case '[':
		return read_set(r);
	case '\\':
		return read_escape(r);
	case '.':
		class_add(&all, '\n');
		invert(&all);
		return set_node(r, &all);
	case '^':
	case '$':
	case '*':
	case '+':
	case '?':
	case '{':
		return fail(r);
	default:
		return byte_node(r, (uint8_t)c);
	}
}

static uint32_t
read_number(struct reader *r)
{
	uint64_t n = 0;

	if (!digit(*r->p))
		(void)fail(r);
	while (digit(*r->p))
		n = bounded(n * 10 + (uint64_t)(*r->p++ - '0'));
	return (uint32_t)n;
}

/* How often what was read may stand; false: once. */
static bool
read_times(struct reader *r, uint32_t *min, uint32_t *max)
{
	char c = *r->p;

	if (c != '?' && c != '*' && c != '+' && c != '{')
		return false;
	r->p++;
	*min = c == '+';
	*max = c == '?' ? 1 : EXPR_ENDLESS;
	if (c == '{') {
		*min = *max = read_number(r);
		if (*r->p == ',') {
			r->p++;
			*max = digit(*r->p) ? read_number(r) : EXPR_ENDLESS;
		}
		if (r->failed || *r->p++ != '}' || *max < *min)
			(void)fail(r);
	}
	if (!r->failed && *r->p == '?')
		r->p++; /* the shortest first: the same matches */
	return true;
}

static uint16_t
read_part(struct reader *r)
{
	uint16_t child = read_atom(r), n;
	struct expr_node *to;
	uint32_t min, max;

	if (r->failed || !read_times(r, &min, &max) || r->failed)
		return child;
	n = node_new(r, EXPR_REPEAT);
	if (r->failed)
		return 0;
	to = &r->e->node[n];
	to->child = child;
	to->min = min;
	to->max = max;
	to->least = bounded((uint64_t)r->e->node[child].least * min);
	to->most = bounded((uint64_t)r->e->node[child].most * max);
	return n;
}

static uint16_t
read_sequence(struct reader *r)
{
	uint16_t n = node_new(r, EXPR_SEQUENCE), last = 0, part;

	while (!r->failed && *r->p != 0 && *r->p != '|' && *r->p != ')') {
		struct expr_node *node = r->e->node;

		part = read_part(r);
		if (r->failed)
			break;
		if (last == 0)
			node[n].child = part;
		else
			node[last].next = part;
		last = part;
		node[n].least =
		    bounded((uint64_t)node[n].least + node[part].least);
		node[n].most =
		    bounded((uint64_t)node[n].most + node[part].most);
	}
	return n;
}

static uint16_t
read_choice(struct reader *r)
{
	uint16_t first = read_sequence(r), last = first, n;
	struct expr_node *node = r->e->node;

	if (r->failed || *r->p != '|')
		return first;
	n = node_new(r, EXPR_CHOICE);
	node[n].child = first;
	node[n].least = node[first].least;
	node[n].most = node[first].most;
	while (!r->failed && *r->p == '|') {
		r->p++;
		node[last].next = read_sequence(r);
		if (r->failed)
			break;
		last = node[last].next;
		if (node[last].least < node[n].least)
			node[n].least = node[last].least;
		if (node[last].most > node[n].most)
			node[n].most = node[last].most;
	}
	return n;
}

enum status
expr_init(struct expr *e)
{
	*e = (struct expr){.count = 1};
	e->node = calloc(NODES_MAX, sizeof(*e->node));
	return e->node == NULL ? ST_NOMEM : ST_OK;
}

void
expr_fini(struct expr *e)
{
	free(e->node);
	e->node = NULL;
}

bool
expr_read(struct expr *e, const char *text, bool caseless)
{
	struct reader r = {.e = e, .p = text, .caseless = caseless};

	e->count = 1;
	e->root = read_choice(&r);
	return !r.failed && *r.p == 0;
}
