#include "proxy-agent/source/sql/choice.h"

#include <string.h>

#include "base/buf.h"
#include "base/glob.h"
#include "base/str.h"

#define PLACE_CAP 4096 /* bytes of a place that patterns are tried on */

static bool
has_slash(struct span s)
{
	return str_find(s, '/') < s.len;
}

/* ---- patterns ---- */

static bool
fits_table(struct span pattern, struct span table)
{
	return table.len > 0 && glob_path(pattern, table);
}

/* A word alone means tables, but below a table that the target names. */
static bool
fits_column(struct span pattern, struct span column)
{
	return (has_slash(pattern) || !has_slash(column)) &&
	       glob_path(pattern, column);
}

/* Whether it may mean columns of that table: what stands before its last part.
 */
static bool
goes_below(struct span pattern, struct span table)
{
	size_t n = pattern.len;
	struct span above;

	if (table.len == 0)
		return true;
	while (n > 0 && pattern.ptr[n - 1] != '/')
		n--;
	if (n < 2)
		return false;
	above = span_of(pattern.ptr, n - 1);
	if (!has_slash(above) && has_slash(table) && !str_is(above, "**"))
		return false;
	return glob_path(above, table);
}

/* Its first part alone can be told. */
static bool
may_lie_in(struct span pattern, struct span database)
{
	size_t n = str_find(pattern, '/');
	struct span first = span_of(pattern.ptr, n);

	return n == pattern.len || str_starts(first, "**") ||
	       glob_path(first, database);
}

static bool
any(struct span list, struct span place,
    bool (*fits)(struct span pattern, struct span place))
{
	struct span one;

	while (str_next(&list, ',', &one)) {
		one = str_trim(one);
		if (one.len > 0 && one.len <= PLACE_CAP && fits(one, place))
			return true;
	}
	return false;
}

/* ---- places ---- */

static bool
add_part(struct buf *to, struct span part)
{
	return part.len == 0 ||
	       ((to->len == 0 || buf_add_byte(to, '/') == ST_OK) &&
		buf_add(to, part.ptr, part.len) == ST_OK);
}

/* What of it stands below the target; false: it is too long. */
static bool
below(const struct sql_choice *c, struct sql_place t, struct span column,
      struct buf *to)
{
	buf_init(to, PLACE_CAP);
	return (c->database || add_part(to, span_str(t.database))) &&
	       (c->schema || add_part(to, t.schema)) &&
	       (c->table || add_part(to, t.name)) && add_part(to, column);
}

/* ---- choice ---- */

bool
sql_choice_enters(const struct sql_choice *c, const char *database)
{
	struct span name = span_str(database);

	if (any(c->exclude, name, fits_table))
		return false;
	return c->include.len == 0 || any(c->include, name, may_lie_in);
}

static enum sql_wish
wish(const struct sql_choice *c, struct span table)
{
	if (any(c->exclude, table, fits_table))
		return SQL_UNWANTED;
	if (c->include.len > 0 && !any(c->include, table, fits_table))
		return any(c->include, table, goes_below) ? SQL_BY_COLUMN
							  : SQL_UNWANTED;
	return any(c->exclude, table, goes_below) ? SQL_BY_COLUMN : SQL_WANTED;
}

enum sql_wish
sql_choice_of(const struct sql_choice *c, struct sql_place table)
{
	struct buf place;
	enum sql_wish w = SQL_UNWANTED;

	if (below(c, table, span_of(NULL, 0), &place))
		w = wish(c, buf_span(&place));
	buf_fini(&place);
	return w;
}

bool
sql_choice_has(const struct sql_choice *c, struct sql_place table,
	       struct span column)
{
	struct buf whole, part;
	struct span t, p;
	bool has;

	if (c->include.len == 0 && c->exclude.len == 0)
		return true;
	has = below(c, table, span_of(NULL, 0), &whole);

	has = below(c, table, column, &part) && has;
	t = buf_span(&whole);
	p = buf_span(&part);
	has = has && !any(c->exclude, p, fits_column) &&
	      (c->include.len == 0 || any(c->include, t, fits_table) ||
	       any(c->include, p, fits_column));
	buf_fini(&whole);
	buf_fini(&part);
	return has;
}
