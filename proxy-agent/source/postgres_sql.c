#include "proxy-agent/source/postgres_sql.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/rows.h"

const char PG_BEGIN[] = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

/* Tables, materialised views, foreign tables; a partition is a table. */
const char PG_TABLES[] =
    "SELECT n.nspname, c.relname FROM pg_class c "
    "JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'm', 'f') "
    "AND n.nspname NOT IN ('pg_catalog', 'information_schema') "
    "AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%' "
    "AND ($1 = '' OR n.nspname = $1) AND ($2 = '' OR c.relname = $2) "
    "ORDER BY n.nspname COLLATE \"C\", c.relname COLLATE \"C\"";

const char PG_COLUMNS[] =
    "SELECT a.attname, a.atttypid = 'bytea'::regtype, "
    "EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = a.attrelid "
    "AND i.indisprimary AND a.attnum = ANY (i.indkey)), a.attlen = -1 "
    "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
    "JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 "
    "AND NOT a.attisdropped ORDER BY a.attnum";

/* ---- columns ---- */

enum status
pg_table_column(struct pg_table *t, const struct span *cell)
{
	struct pg_column *more, *c;

	if (t->count == ROWS_COLUMNS)
		return ST_LIMIT;
	more = reallocarray(t->columns, (size_t)t->count + 1, sizeof(*more));
	if (more == NULL)
		return ST_NOMEM;
	t->columns = more;
	c = &more[t->count];
	c->name = strndup((const char *)cell[0].ptr, cell[0].len);
	if (c->name == NULL)
		return ST_NOMEM;
	c->flags = (uint8_t)((str_is(cell[1], "t") ? ROWS_BINARY : 0) |
			     (str_is(cell[2], "t") ? ROWS_KEY : 0));
	c->may_be_large = str_is(cell[3], "t");
	t->count++;
	return ST_OK;
}

void
pg_table_fini(struct pg_table *t)
{
	for (uint32_t i = 0; i < t->count; i++)
		free(t->columns[i].name);
	free(t->columns);
	*t = (struct pg_table){0};
}

/* ---- statements ---- */

static enum status
add_name(struct buf *to, const char *name)
{
	enum status st = buf_add_byte(to, '"');

	for (; st == ST_OK && *name != 0; name++) {
		if (*name == '"')
			st = buf_add_byte(to, '"');
		if (st == ST_OK)
			st = buf_add(to, name, 1);
	}
	return st == ST_OK ? buf_add_byte(to, '"') : st;
}

/* "%" of a pattern becomes the name. */
static enum status
add_named(struct buf *to, const char *pattern, const char *name)
{
	enum status st = ST_OK;

	for (; st == ST_OK && *pattern != 0; pattern++)
		st = *pattern == '%' ? add_name(to, name)
				     : buf_add(to, pattern, 1);
	return st;
}

/*
 * Whether a cell is large. What is stored in less than 2,000 bytes is not, and
 * asking for its length would cost more than the cell.
 */
#define IS_LARGE(value)                                                        \
	"(pg_column_size(%) > 2000 AND octet_length(" value ") > 1048576)"

static enum status
add_cell(struct buf *to, const struct pg_column *c)
{
	bool bytes = c->flags & ROWS_BINARY;

	if (!c->may_be_large)
		return add_named(to, "%::text, ", c->name);
	return add_named(
	    to,
	    bytes ? "CASE WHEN " IS_LARGE("%") " THEN NULL ELSE % END, "
		  : "CASE WHEN " IS_LARGE("%::text") " THEN NULL ELSE %::text "
						     "END, ",
	    c->name);
}

static enum status
add_where(struct buf *to, const struct pg_table *t)
{
	enum status st = buf_add_str(to, "CASE WHEN false");

	for (uint32_t i = 0; st == ST_OK && i < t->count; i++)
		if (t->columns[i].may_be_large)
			st = add_named(to,
				       t->columns[i].flags & ROWS_BINARY
					   ? " OR " IS_LARGE("%")
					   : " OR " IS_LARGE("%::text"),
				       t->columns[i].name);
	return st == ST_OK ? buf_add_str(to, " THEN ctid::text END") : st;
}

static enum status
add_from(struct buf *to, const struct pg_table *t)
{
	enum status st = add_named(to, " FROM ONLY %.", t->schema);

	return st == ST_OK ? add_name(to, t->name) : st;
}

enum status
pg_copy_sql(struct buf *to, const struct pg_table *t)
{
	enum status st;

	buf_clear(to);
	st = buf_add_str(to, "COPY (SELECT ");
	for (uint32_t i = 0; st == ST_OK && i < t->count; i++)
		st = add_cell(to, &t->columns[i]);
	if (st == ST_OK)
		st = add_where(to, t);
	if (st == ST_OK)
		st = add_from(to, t);
	if (st == ST_OK)
		st = buf_add_str(to, ") TO STDOUT (FORMAT binary)");
	return st == ST_OK ? buf_add_byte(to, 0) : st;
}

enum status
pg_piece_sql(struct buf *to, const struct pg_table *t, uint32_t column,
	     uint64_t from)
{
	const struct pg_column *c = &t->columns[column];
	bool bytes = c->flags & ROWS_BINARY;
	enum status st;

	buf_clear(to);
	st = add_named(to,
		       bytes ? "SELECT encode(substring(% FROM "
			     : "SELECT substring(%::text FROM ",
		       c->name);
	if (st == ST_OK)
		st = buf_addf(to, "%llu FOR %llu)%s", (unsigned long long)from,
			      (unsigned long long)PG_PIECE,
			      bytes ? ", 'hex')" : "");
	if (st == ST_OK)
		st = add_from(to, t);
	if (st == ST_OK)
		st = add_named(
		    to,
		    bytes ? " WHERE ctid = $1::tid AND " IS_LARGE("%")
			  : " WHERE ctid = $1::tid AND " IS_LARGE("%::text"),
		    c->name);
	return st == ST_OK ? buf_add_byte(to, 0) : st;
}
