#include "detect/table/table.h"

#include "base/heading.h"
#include "base/str.h"
#include "detect/detect.h"
#include "detect/table/dump.h"
#include "detect/table/tuple.h"

#define LONG_NUMBER 4 /* digits that no name has */

bool
table_cell(struct span *row, uint8_t delimiter, struct span *cell)
{
	bool quoted = false;
	size_t n = 0;

	if (row->ptr == NULL)
		return false;
	while (n < row->len &&
	       (quoted || row->ptr[n] != delimiter || delimiter == 0)) {
		quoted ^= row->ptr[n] == '"';
		n++;
	}
	*cell = span_of(row->ptr, n);
	*row = n < row->len ? span_of(row->ptr + n + 1, row->len - n - 1)
			    : span_of(NULL, 0);
	return true;
}

static bool
quote(uint8_t c)
{
	return c == '"' || c == '\'';
}

struct span
table_bare(struct span c)
{
	c = str_trim(c);
	while (c.len > 0 &&
	       (c.ptr[c.len - 1] == '}' || c.ptr[c.len - 1] == ']'))
		c.len--;
	if (c.len > 0 && (quote(c.ptr[0]) || c.ptr[0] == '{'))
		for (size_t i = 1; i + 1 < c.len; i++)
			if (quote(c.ptr[i]) && c.ptr[i + 1] == ':') {
				c = str_trim(span_skip(c, i + 2));
				break;
			}
	while (c.len > 1 && quote(c.ptr[0]) && c.ptr[0] == c.ptr[c.len - 1])
		c = span_of(c.ptr + 1, c.len - 2);
	return c;
}

static bool
letter(uint8_t c)
{
	return (uint8_t)((c | 32) - 'a') < 26 || c >= 0x80;
}

static bool
capital(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

size_t
table_head(struct span cell, char out[TABLE_NAME])
{
	bool gap = false;
	size_t n = 0;

	for (size_t i = 0; i < cell.len && n + 2 < TABLE_NAME; i++) {
		uint8_t c = cell.ptr[i];

		gap |= !letter(c) ||
		       (i > 0 && capital(c) && letter(cell.ptr[i - 1]) &&
			!capital(cell.ptr[i - 1]));
		if (!letter(c))
			continue;
		if (gap && n > 0)
			out[n++] = ' ';
		gap = false;
		out[n++] = (char)(capital(c) ? c | 32 : c);
	}
	return n;
}

static bool
has_quote(struct span line)
{
	return str_find(line, '"') < line.len;
}

/* How many delimiters stand in the line outside of quotes. */
static size_t
joins(struct span line, bool quoted, uint8_t delimiter)
{
	struct span cell;
	size_t n = 0, at;

	while (!quoted && (at = str_find(line, delimiter)) < line.len) {
		line = span_skip(line, at + 1);
		n++;
	}
	while (quoted && table_cell(&line, delimiter, &cell))
		n++;
	return quoted ? n - 1 : n;
}

/* The one that the line has most of, and how many; 0 when it has none. */
static uint8_t
delimiter_of(struct span line, size_t *most)
{
	static const uint8_t all[] = {'\t', ';', ',', '|'};
	bool quoted = has_quote(line);
	uint8_t best = 0;

	*most = 0;
	for (size_t i = 0; i < sizeof(all); i++) {
		size_t n = joins(line, quoted, all[i]);

		if (n <= *most)
			continue;
		*most = n;
		best = all[i];
	}
	return best;
}

/* A row of digits that is too long for a name. */
static bool
has_number(struct span s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.len && digits < LONG_NUMBER; i++)
		digits = s.ptr[i] >= '0' && s.ptr[i] <= '9' ? digits + 1 : 0;
	return digits == LONG_NUMBER;
}

static bool
is_name(struct span cell)
{
	cell = str_trim(cell);
	if (cell.len == 0)
		return true;
	if (cell.ptr[0] == '{')
		return false; /* of an object of JSON */
	return cell.len <= TABLE_NAME && heading_is(cell);
}

static bool
are_names(struct span line, uint8_t delimiter)
{
	struct span cell;

	while (table_cell(&line, delimiter, &cell))
		if (!is_name(cell))
			return false;
	return true;
}

/* One value, not words: what a list of one column may have in a line. */
static bool
is_value(struct span line)
{
	if (line.len > TABLE_NAME)
		return false;
	for (size_t i = 0; i + 1 < line.len; i++)
		if (line.ptr[i] == ' ' && letter(line.ptr[i + 1]))
			return false;
	return has_number(line);
}

/* The next line that is whole. */
static bool
next_line(struct span *rest, bool cut, struct span *line)
{
	size_t n = rest->len == 0 ? 0 : str_find(*rest, '\n');

	if (rest->len == 0 || (n == rest->len && cut))
		return false;
	*line = span_of(rest->ptr, n);
	*rest = n < rest->len ? span_skip(*rest, n + 1) : span_of(NULL, 0);
	if (n > 0 && line->ptr[n - 1] == '\r')
		line->len--;
	return true;
}

/* "+----+------+", "|---|:--|" or "----+----": drawn between the rows. */
static bool
is_rule(struct span line)
{
	size_t dashes = 0;

	for (size_t i = 0; i < line.len; i++) {
		uint8_t c = line.ptr[i];

		if (c != '-' && c != '+' && c != '|' && c != '=' && c != ':' &&
		    c != ' ')
			return false;
		dashes += c == '-' || c == '=';
	}
	return dashes >= 3;
}

/* The next line that is whole and none of those. */
static bool
next_row(struct span *rest, bool cut, struct span *line)
{
	while (next_line(rest, cut, line))
		if (!is_rule(*line))
			return true;
	return false;
}

static bool
is_row(const struct table *t, size_t most, struct span line)
{
	if (line.len == 0)
		return false;
	return t->delimiter == 0
		   ? is_value(line)
		   : joins(line, has_quote(line), t->delimiter) == most;
}

/* The rows behind a line of COPY. */
static void
read_copy(struct table *out, struct span text, bool cut)
{
	size_t most = joins(out->heads, false, ',');
	struct span line;

	out->parts = ',';
	out->delimiter = '\t';
	while (out->count < TABLE_ROWS && next_line(&text, cut, &line) &&
	       is_row(out, most, line))
		out->rows[out->count++] = line;
}

void
table_read(struct span text, struct table *out)
{
	bool cut = text.len > DETECT_TABLE;
	struct span line, first, command;
	size_t most;

	*out = (struct table){.count = 0};
	if (cut)
		text.len = DETECT_TABLE;
	if (tuple_heads(text, &out->heads, &command)) {
		out->parts = ',';
		return; /* its rows are tuples */
	}
	if (!next_row(&text, cut, &first) || first.len == 0 ||
	    first.len > DETECT_TABLE / 4)
		return;
	if (dump_heads(first, &out->heads)) {
		read_copy(out, text, cut);
		return;
	}
	out->parts = out->delimiter = delimiter_of(first, &most);
	while (out->count < TABLE_ROWS && next_row(&text, cut, &line) &&
	       is_row(out, most, line))
		out->rows[out->count++] = line;
	if (out->count > (out->delimiter == 0) &&
	    are_names(first, out->delimiter) &&
	    (out->delimiter != 0 || !has_number(first))) {
		out->heads = first;
		return;
	}
	if (!is_row(out, most, first) || out->count == TABLE_ROWS)
		return;
	/* rows need no order here */
	out->rows[out->count++] = first;
}
