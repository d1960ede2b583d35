#include "detect/table/tuple.h"

#include <string.h>

#include "base/str.h"
#include "detect/work.h"

#define VALUES       "values"
#define TUPLE_MOST   ((size_t)8192) /* of it and its first tuple */
#define COMMAND_MOST ((size_t)4096) /* of an INSERT, up to its values */

static bool
blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
same_word(const uint8_t *p, const char *small, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((p[i] | 32) != small[i])
			return false;
	return true;
}

/* ---- the head ------------------------------------------------------------ */

static void
skip_blanks(struct span *t)
{
	while (t->len > 0 && blank(t->ptr[0]))
		*t = span_skip(*t, 1);
}

/* A word of a command, in any case, and the blanks behind it. */
static bool
take(struct span *t, const char *word)
{
	size_t n = strlen(word);

	if (t->len <= n || !same_word(t->ptr, word, n) || !blank(t->ptr[n]))
		return false;
	*t = span_skip(*t, n);
	skip_blanks(t);
	return true;
}

/* INSERT INTO, REPLACE INTO, INSERT IGNORE INTO, INSERT OR REPLACE INTO */
static bool
take_insert(struct span *t)
{
	if (take(t, "insert")) {
		if (take(t, "or"))
			return take(t, "replace") && take(t, "into");
		take(t, "ignore");
		return take(t, "into");
	}
	return take(t, "replace") && take(t, "into");
}

/* What t[i] says of where the names stand; they end with the first bracket. */
static bool
names_go_on(struct span t, size_t i)
{
	return i < t.len && t.ptr[i] != ')' && t.ptr[i] != ';' &&
	       t.ptr[i] != '\'';
}

/* Commas of a tuple, up to its end; of one that is cut `most`. */
static size_t
commas(struct span t, size_t most)
{
	unsigned depth = 0;
	uint8_t quote = 0;
	size_t n = 0;

	for (size_t i = 0; i < t.len; i++) {
		uint8_t c = t.ptr[i];

		if (quote != 0 && c == '\\')
			i++;
		else if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if (c == '\'' || c == '"')
			quote = c;
		else if (c == ')' && depth == 0)
			return n;
		else if (c == '(' || c == ')')
			depth += c == '(' ? 1U : -1U;
		else
			n += c == ',' && depth == 0;
	}
	return most;
}

/* Behind the names: VALUES, and as many of them as there are names. */
static bool
values_fit(struct span rest, struct span names)
{
	size_t n = 0, open;

	skip_blanks(&rest);
	if (rest.len < 5 || !same_word(rest.ptr, VALUES, 5))
		return false;
	for (size_t i = 0; i < names.len; i++)
		n += names.ptr[i] == ',';
	open = str_find(rest, '(');
	return open == rest.len || commas(span_skip(rest, open + 1), n) == n;
}

bool
tuple_heads(struct span text, struct span *heads, struct span *command)
{
	struct span t;
	const uint8_t *first;
	size_t open = 0, close;

	if (text.len > TUPLE_MOST)
		text.len = TUPLE_MOST;
	t = text;
	if (t.len > COMMAND_MOST)
		t.len = COMMAND_MOST;
	skip_blanks(&t);
	first = t.ptr;
	if (!take_insert(&t))
		return false;
	*heads = span_of(NULL, 0);
	while (names_go_on(t, open) && t.ptr[open] != '(')
		open++;
	if (open == t.len || t.ptr[open] != '(')
		return false;
	close = open + 1;
	while (names_go_on(t, close) && t.ptr[close] != '(')
		close++;
	if (close < t.len && t.ptr[close] == ')' &&
	    values_fit(span_skip(text, (size_t)(t.ptr + close + 1 - text.ptr)),
		       span_of(t.ptr + open + 1, close - open - 1)))
		*heads = span_of(t.ptr + open + 1, close - open - 1);
	if (heads->ptr == NULL)
		close = open;
	*command = span_of(first, (size_t)(t.ptr + close - first));
	return true;
}

/* ---- the values ---------------------------------------------------------- */

/* The bracket at t[i] opens a tuple. */
static bool
opens(struct span t, size_t i)
{
	size_t n = sizeof(VALUES) - 1;
	bool comma;

	while (i > 0 && blank(t.ptr[i - 1]))
		i--;
	comma = i > 0 && t.ptr[i - 1] == ',';
	if (!comma)
		return i >= n && same_word(t.ptr + i - n, VALUES, n);
	i--;
	while (i > 0 && blank(t.ptr[i - 1]))
		i--;
	return i > 0 && t.ptr[i - 1] == ')';
}

static void
begin(struct columns *c, size_t at)
{
	c->known = true;
	c->at = c->line = at;
	c->column = 0;
	c->quote = 0;
	c->depth = 0;
	c->escaped = false;
}

static void
find_tuple(struct detect_scratch *s, size_t at)
{
	struct columns *c = &s->columns;
	size_t low = at < COLUMNS_REACH ? 0 : at - COLUMNS_REACH, i = at;

	while (i > low) {
		const uint8_t *hit = memrchr(s->text.ptr + low, '(', i - low);

		if (hit == NULL)
			break;
		i = (size_t)(hit - s->text.ptr);
		if (!opens(s->text, i))
			continue;
		begin(c, i + 1);
		return;
	}
	begin(c, low);
	c->known = false;
}

static void
within_quotes(struct columns *c, uint8_t byte)
{
	if (c->escaped)
		c->escaped = false;
	else if (byte == '\\')
		c->escaped = true;
	else if (byte == c->quote)
		c->quote = 0; /* a second one opens them anew */
}

static void
pass(struct columns *c, struct span t)
{
	uint8_t byte = t.ptr[c->at];

	if (byte == '(' && opens(t, c->at)) {
		begin(c, c->at + 1);
		return;
	}
	c->at++;
	if (c->quote != 0)
		within_quotes(c, byte);
	else if (byte == '\'' || byte == '"')
		c->quote = byte;
	else if (byte == '(')
		c->depth++;
	else if (byte == ')' && c->depth == 0)
		c->known = false;
	else if (byte == ')')
		c->depth--;
	else if (byte == ',' && c->depth == 0 && c->column < COLUMN_NONE - 1)
		c->column++;
}

uint16_t
tuple_column(struct detect_scratch *s, size_t at)
{
	struct columns *c = &s->columns;

	if (at < c->at || at - c->at > COLUMNS_REACH)
		find_tuple(s, at);
	while (c->at < at)
		pass(c, s->text);
	c->quoted = c->quote != 0 || c->depth > 0;
	return c->known && at - c->line < COLUMNS_REACH ? c->column
							: COLUMN_NONE;
}

bool
tuple_cell(const struct detect_scratch *s, size_t at, size_t most,
	   struct span *cell)
{
	struct span t = span_skip(s->text, at);
	const char *ends = ",)\n";
	size_t n = 0;

	if (t.len > most)
		t.len = most;
	skip_blanks(&t);
	if (t.len > 0 && (t.ptr[0] == '\'' || t.ptr[0] == '"')) {
		ends = t.ptr[0] == '"' ? "\"\n" : "'\n";
		t = span_skip(t, 1);
	}
	while (n < t.len && t.ptr[n] != 0 && strchr(ends, t.ptr[n]) == NULL)
		n++;
	*cell = str_trim(span_of(t.ptr, n));
	return n < t.len && cell->len > 0;
}
