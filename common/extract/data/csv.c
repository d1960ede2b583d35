#include "extract/data/csv.h"

#include <string.h>

#include "base/heading.h"
#include "base/str.h"
#include "extract/data/signs.h"

#define HEAD_MAX    2048
#define SAMPLE_ROWS 8   /* rows of a head that must have as many cells */
#define HEADING     128 /* bytes of the longest name of a column */

struct csv {
	uint64_t row, column; /* from 0 */
	uint8_t delimiter;    /* 0: still in the first row */
	bool quoted;
	uint16_t head_len;
	uint8_t head[HEAD_MAX];
};

/* The first when in doubt. */
#define DELIMITERS 4
static const uint8_t delimiters[DELIMITERS] = {'\t', ';', ',', '|'};

/* From 1 on; 0: it is none. */
static inline unsigned
delimiter_number(uint8_t c)
{
	return c == '\t' ? 1 : c == ';' ? 2 : c == ',' ? 3 : c == '|' ? 4 : 0;
}

/* How often c stands in a row outside of quotes. */
static size_t
count(struct span row, uint8_t c)
{
	bool quoted = false;
	size_t n = 0;

	for (size_t i = 0; i < row.len; i++) {
		quoted ^= row.ptr[i] == '"';
		n += !quoted && row.ptr[i] == c;
	}
	return n;
}

static uint8_t
most_frequent(struct span row, size_t *most)
{
	size_t n[DELIMITERS + 1] = {0}, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < row.len; i++) {
		quoted ^= row.ptr[i] == '"';
		n[quoted ? 0 : delimiter_number(row.ptr[i])]++;
	}
	n[0] = 0;
	for (size_t i = 1; i <= DELIMITERS; i++)
		if (n[i] > n[best])
			best = i;
	*most = n[best];
	return best == 0 ? 0 : delimiters[best - 1];
}

/* ---- following -------------------------------------------------------------
 */

static void
end_row(struct csv *c)
{
	size_t n;

	if (c->row == 0)
		c->delimiter = most_frequent(span_of(c->head, c->head_len), &n);
	if (c->delimiter == 0)
		c->delimiter = ',';
	c->row++;
	c->column = 0;
}

static void
feed_byte(struct csv *c, uint8_t b)
{
	if (b == '"')
		c->quoted = !c->quoted;
	if (c->row == 0 && c->head_len < HEAD_MAX)
		c->head[c->head_len++] = b;
	if (c->quoted)
		return;
	if (b == '\n')
		end_row(c);
	else if (b == c->delimiter && c->row > 0)
		c->column++;
}

/* Behind the first row. */
static void
feed_block(struct csv *c, const uint8_t *p)
{
	uint64_t quotes = signs_of(p, '"'), inside = 0;
	uint64_t ends = signs_of(p, '\n'), cells = signs_of(p, c->delimiter);

	if (quotes != 0)
		inside = signs_parity(quotes);
	if (c->quoted)
		inside = ~inside;
	ends &= ~inside;
	cells &= ~inside;
	c->quoted = inside >> (SIGNS_BLOCK - 1) != 0;
	if (ends != 0) {
		c->row += (unsigned)__builtin_popcountll(ends);
		c->column = 0;
		/* behind the last of them */
		cells &= ~(UINT64_MAX >> __builtin_clzll(ends));
	}
	c->column += (unsigned)__builtin_popcountll(cells);
}

static void
feed(void *state, struct span s)
{
	struct csv *c = state;
	size_t at = 0;

	while (at < s.len && c->row == 0)
		feed_byte(c, s.ptr[at++]);
	for (; s.len - at >= SIGNS_BLOCK; at += SIGNS_BLOCK)
		feed_block(c, s.ptr + at);
	while (at < s.len)
		feed_byte(c, s.ptr[at++]);
}

/* ---- saying ----------------------------------------------------------------
 */

static struct span
trim(struct span s)
{
	if (s.len >= 3 && memcmp(s.ptr, "\xef\xbb\xbf", 3) == 0)
		s = span_skip(s, 3);
	while (s.len > 0 && track_is(s.ptr[0], " \"\r\n"))
		s = span_skip(s, 1);
	while (s.len > 0 && track_is(s.ptr[s.len - 1], " \"\r\n"))
		s.len--;
	return s;
}

static struct span
head_of(const struct csv *c, uint64_t column)
{
	size_t from = 0, at = 0;
	bool quoted = false;

	for (; at < c->head_len; at++) {
		quoted ^= c->head[at] == '"';
		if (quoted || c->head[at] != c->delimiter)
			continue;
		if (column-- == 0)
			return trim(span_of(c->head + from, at - from));
		from = at + 1;
	}
	if (column > 0)
		return span_of(NULL, 0);
	return trim(span_of(c->head + from, at - from));
}

static bool
is_name(struct span cell)
{
	return cell.len <= HEADING && heading_is(cell);
}

/* All cells of the first row are names, or empty. */
static bool
has_heads(struct span row, uint8_t c)
{
	struct span cell;

	while (str_next(&row, c, &cell))
		if (trim(cell).len > 0 && !is_name(trim(cell)))
			return false;
	return true;
}

static size_t
say(const void *state, char *dst, size_t room)
{
	const struct csv *c = state;
	size_t n = track_print(dst, room, 0, "row %llu",
			       (unsigned long long)c->row + 1);
	struct span name = head_of(c, c->column);

	if (c->row == 0)
		return n;
	if (!is_name(name) ||
	    !has_heads(span_of(c->head, c->head_len), c->delimiter))
		return track_print(dst, room, n, " column %llu",
				   (unsigned long long)c->column + 1);
	n = track_add(dst, room, n, span_str(" "));
	return track_add(dst, room, n, name);
}

/* ---- telling ---------------------------------------------------------------
 */

/* The next row of a head, false when it does not end there. */
static bool
next_row(struct span *rest, struct span *row)
{
	bool quoted = false;

	for (size_t i = 0; i < rest->len; i++) {
		quoted ^= rest->ptr[i] == '"';
		if (quoted || rest->ptr[i] != '\n')
			continue;
		*row = span_of(rest->ptr, i);
		*rest = span_skip(*rest, i + 1);
		return true;
	}
	return false;
}

static bool
opens_markup(struct span head)
{
	head = trim(head);
	return head.len > 0 && track_is(head.ptr[0], "<{[#/%-");
}

bool
csv_is(struct format_look *l)
{
	uint8_t head[TRACK_HEAD], c;
	struct span rest = track_head(l, head), row, first;
	size_t most, rows = 0;

	if (opens_markup(rest) || !next_row(&rest, &row))
		return false;
	first = row;
	c = most_frequent(row, &most);
	while (most > 0 && rows < SAMPLE_ROWS && next_row(&rest, &row)) {
		if (trim(row).len == 0)
			break;
		if (count(row, c) != most)
			return false;
		rows++;
	}
	/* prose and logs have commas, too, but not under names, or many */
	if (!has_heads(first, c))
		return rows >= 3 && (most > 2 || c == '\t');
	if (most > 1 || c == '\t' || c == ';')
		return rows >= 1;
	return rows >= (memchr(first.ptr, ' ', first.len) == NULL ? 1 : 3);
}

const struct track_kind csv_places = {sizeof(struct csv), feed, say};
