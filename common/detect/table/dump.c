#include "detect/table/dump.h"

#include <string.h>

#include "base/str.h"
#include "detect/detect.h"
#include "detect/table/tuple.h"
#include "detect/work.h"

#define COPY     "COPY "
#define STDIN    ") FROM stdin;"
#define BLOCK_IS "\\."

static bool
begins(struct span s, const char *words)
{
	size_t n = strlen(words);

	return s.len >= n && memcmp(s.ptr, words, n) == 0;
}

/* What files of SQL begin with. */
static const char *const starts[] = {
    COPY,      "-- ",      "--\n",          "--\r\n",    "/*!",     "INSERT ",
    "insert ", "REPLACE ", "replace into ", "CREATE ",   "create ", "DROP ",
    "SET ",    "USE ",     "BEGIN",         "START TRA", "PRAGMA ", "LOCK ",
    "DELETE ", "ALTER ",   "TRUNCATE ",
};

bool
dump_is(struct span first)
{
	while (first.len > 0 && strchr(" \t\r\n", first.ptr[0]) != NULL &&
	       first.ptr[0] != 0)
		first = span_skip(first, 1);
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (begins(first, starts[i]))
			return true;
	return false;
}

static struct span
line_at(struct span text, size_t at)
{
	struct span line = span_skip(text, at);

	if (line.ptr == NULL)
		return line;
	line.len = str_find(line, '\n');
	if (line.len > 0 && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

bool
dump_heads(struct span line, struct span *heads)
{
	size_t open = str_find(line, '('), end = strlen(STDIN);

	if (!begins(line, COPY) || line.len < open + end ||
	    memcmp(line.ptr + line.len - end, STDIN, end) != 0)
		return false;
	*heads = span_of(line.ptr + open + 1, line.len - open - 1 - end);
	return true;
}

static void
read_block(struct detect_scratch *s, struct span text, size_t at)
{
	text = span_skip(text, at);
	if (text.len > DETECT_TABLE)
		text.len = DETECT_TABLE;
	columns_read(s, text);
}

/* An INSERT begins there that has other names than the one before it. */
static bool
other_insert(const struct columns *c, struct span text, size_t at,
	     uint32_t *command)
{
	struct span heads, all;

	if (!tuple_heads(span_skip(text, at), &heads, &all))
		return false;
	*command = columns_hash(all);
	return !c->tuples || *command != c->command;
}

void
dump_turn(struct detect_scratch *s, struct span text, size_t at)
{
	struct columns *c = &s->columns;
	struct span line, heads;
	uint32_t command;

	if (at > 0 && text.ptr[at - 1] != '\n')
		return;
	line = line_at(text, at);
	if (c->copying && line.len == 2 && begins(line, BLOCK_IS)) {
		c->copying = false;
		columns_read(s, span_of(NULL, 0));
	} else if (!c->copying && dump_heads(line, &heads)) {
		c->copying = true;
		c->tuples = false;
		read_block(s, text, at);
	} else if (!c->copying && other_insert(c, text, at, &command)) {
		c->command = command;
		c->tuples = true;
		read_block(s, text, at);
	}
}

/* A block may begin with the line at text[at]. */
static bool
may_begin(const struct columns *c, struct span text, size_t at)
{
	uint32_t command;

	while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t'))
		at++;
	if (at == text.len)
		return false;
	switch (text.ptr[at]) {
	case 'C':
		return begins(span_skip(text, at), COPY);
	case 'I':
	case 'i':
	case 'R':
	case 'r':
		return other_insert(c, text, at, &command);
	default:
		return false;
	}
}

static size_t
next_block(const struct columns *c, struct span text, size_t from, size_t to)
{
	while (from < to) {
		const uint8_t *end =
		    memchr(text.ptr + from - 1, '\n', to - from + 1);

		if (end == NULL)
			break;
		from = (size_t)(end - text.ptr) + 1;
		if (from < to && may_begin(c, text, from))
			return from;
		from++;
	}
	return to;
}

size_t
dump_stop(const struct detect_scratch *s, struct span text, size_t from,
	  size_t to)
{
	const uint8_t *hit;
	size_t left;

	if (from >= to)
		return to;
	if (!s->columns.copying)
		return next_block(&s->columns, text, from, to);
	/* the end of line before `from` is a byte of it */
	left = text.len - from + 1;
	hit = memmem(text.ptr + from - 1, left, "\n" BLOCK_IS, 3);
	from = hit == NULL ? to : (size_t)(hit - text.ptr) + 1;
	return from < to ? from : to;
}
