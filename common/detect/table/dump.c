#include "detect/table/dump.h"

#include <string.h>

#include "base/str.h"
#include "detect/detect.h"
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

bool
dump_is(struct span first)
{
	return begins(first, COPY) || begins(first, "--\n-- PostgreSQL ") ||
	       begins(first, "--\r\n-- PostgreSQL ");
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

void
dump_turn(struct detect_scratch *s, struct span text, size_t at)
{
	struct columns *c = &s->columns;
	struct span line, heads;

	if (at > 0 && text.ptr[at - 1] != '\n')
		return;
	line = line_at(text, at);
	if (c->copying && line.len == 2 && begins(line, BLOCK_IS)) {
		c->copying = false;
		columns_read(s, span_of(NULL, 0));
	} else if (!c->copying && dump_heads(line, &heads)) {
		c->copying = true;
		text = span_skip(text, at);
		if (text.len > DETECT_TABLE)
			text.len = DETECT_TABLE;
		columns_read(s, text);
	}
}

size_t
dump_stop(const struct detect_scratch *s, struct span text, size_t from,
	  size_t to)
{
	const char *sign = s->columns.copying ? "\n" BLOCK_IS : "\n" COPY;
	const uint8_t *hit;
	size_t left;

	if (from >= to)
		return to;
	/* the end of line before `from` is a byte of it */
	left = text.len - from + 1;
	hit = memmem(text.ptr + from - 1, left, sign, strlen(sign));
	from = hit == NULL ? to : (size_t)(hit - text.ptr) + 1;
	return from < to ? from : to;
}
