#include <string.h>
#include <strings.h>

#include "extract/data/lines.h"

#define TABLE_MAX   128
#define COLUMNS_MAX 512

struct dump {
	struct line line;
	size_t table_len, columns_len;
	bool rows; /* lines of cells parted by tabs, as COPY has them */
	uint64_t tabs;
	uint8_t table[TABLE_MAX];
	uint8_t columns[COLUMNS_MAX];
};

static bool
begins(struct span s, const char *words)
{
	size_t n = strlen(words);

	return s.len >= n && strncasecmp((const char *)s.ptr, words, n) == 0;
}

/* What names the table of a line and of those behind it. */
static struct span
behind_words(struct span s)
{
	static const char *const words[] = {
	    "INSERT INTO ",  "INSERT IGNORE INTO ",
	    "REPLACE INTO ", "CREATE TABLE IF NOT EXISTS ",
	    "CREATE TABLE ", "COPY "};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (begins(s, words[i]))
			return span_skip(s, strlen(words[i]));
	return span_of(NULL, 0);
}

static size_t
keep_name(uint8_t *dst, size_t room, struct span s)
{
	size_t n = 0;

	for (size_t i = 0; s.ptr != NULL && i < s.len && n < room; i++)
		if (!track_is(s.ptr[i], "`\"[] "))
			dst[n++] = s.ptr[i];
	return n;
}

static void
read_line(struct dump *d, struct span s)
{
	struct span name = behind_words(s), in;

	if (d->rows && begins(s, "\\.")) {
		d->rows = false;
		d->table_len = 0;
	}
	if (name.len == 0 || d->rows)
		return;
	d->table_len = keep_name(d->table, TABLE_MAX,
				 span_of(name.ptr, line_until(name, " (\r;")));
	in = span_skip(name, line_until(name, "("));
	in = in.len > 0 ? span_skip(in, 1) : in;
	in.len = line_until(in, ")");
	d->columns_len = 0;
	d->rows = begins(s, "COPY ");
	if (d->rows)
		d->columns_len = keep_name(d->columns, COLUMNS_MAX, in);
}

static void
feed(void *state, struct span s)
{
	struct dump *d = state;

	while (s.len > 0) {
		struct span had = s;
		bool ended = line_take(&d->line, &s);

		for (size_t i = 0; d->rows && i < had.len - s.len; i++)
			d->tabs += had.ptr[i] == '\t';
		if (!ended)
			continue;
		read_line(d, line_span(&d->line));
		line_next(&d->line);
		d->tabs = 0;
	}
}

static struct span
column_of(const struct dump *d)
{
	struct span s = span_of(d->columns, d->columns_len);

	for (uint64_t i = 0; i < d->tabs && s.len > 0; i++) {
		s = span_skip(s, line_until(s, ","));
		s = s.len > 0 ? span_skip(s, 1) : s;
	}
	return span_of(s.ptr, line_until(s, ","));
}

static size_t
say(const void *state, char *dst, size_t room)
{
	struct dump d = *(const struct dump *)state;
	bool rows = d.rows;
	size_t n = track_print(dst, room, 0, "line %llu",
			       (unsigned long long)d.line.number + 1);

	read_line(&d, line_span(&d.line));
	if (d.table_len == 0)
		return n;
	n = track_add(dst, room, n, span_str(" "));
	n = track_add(dst, room, n, span_of(d.table, d.table_len));
	if (!rows || column_of(&d).len == 0)
		return n;
	n = track_add(dst, room, n, span_str("."));
	return track_add(dst, room, n, column_of(&d));
}

bool
sqldump_is(struct format_look *l)
{
	static const char *const words[] = {"CREATE TABLE ",
					    "INSERT INTO ",
					    "COPY ",
					    "PRAGMA ",
					    "-- MySQL dump",
					    "-- MariaDB dump",
					    "-- PostgreSQL database dump"};
	uint8_t head[TRACK_HEAD];
	struct span rest = track_head(l, head), line;

	for (size_t n = 0; n < 64 && line_of_head(&rest, &line); n++) {
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (begins(line, words[i]))
				return true;
		if (line.len > 0 && !begins(line, "--") &&
		    !begins(line, "/*") && !begins(line, "SET ") &&
		    !begins(line, "SELECT ") && !begins(line, "DROP ") &&
		    !begins(line, "BEGIN"))
			return false;
	}
	return false;
}

const struct track_kind sqldump_places = {sizeof(struct dump), feed, say};
