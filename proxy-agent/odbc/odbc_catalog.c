#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "proxy-agent/odbc/odbc_impl.h"
#include "proxy-agent/odbc/wide.h"

/*
 * SQLTables, SQLColumns and SQLPrimaryKeys in the form of sql.h. What they give
 * is copied: a driver has one statement at a time.
 */
#define NAME_CAP ((size_t)64 << 10)

/* Columns of their results, from 0: ODBC reference, "Catalog functions". */
enum { TABLE_SCHEMA = 1, TABLE_NAME = 2, TABLE_TYPE = 3 };
enum { COLUMN_NAME = 3, COLUMN_TYPE = 4, COLUMN_SIZE = 6, COLUMN_DIGITS = 8 };
enum { KEY_COLUMN = 3, KEY_PLACE = 4 };

/* Schemas that are the server's own, in capital and small letters. */
static const char *const own_schemas[] = {"pg_catalog", "information_schema",
					  "pg_toast",   "sys",
					  "sysibm",     "syscat",
					  "sysstat",    "systools",
					  "sysibmadm",  "system",
					  "_sys_bic",   "_sys_repo",
					  "dbc",        "sysproc",
					  "sysfun",     NULL};

struct name {
	struct buf units;
};

static SQLWCHAR *
units(struct name *n)
{
	return n->units.len <= sizeof(SQLWCHAR) ? NULL : (void *)n->units.data;
}

static SQLSMALLINT
length(const struct name *n)
{
	return n->units.len <= sizeof(SQLWCHAR) ? 0 : SQL_NTS;
}

static enum status
name_of(struct name *n, const char *text)
{
	buf_init(&n->units, NAME_CAP);
	return wide_of(&n->units, span_str(text == NULL ? "" : text));
}

/* The database, the schema and the table, as the functions want them. */
struct names {
	struct name database, schema, table;
};

static enum status
names_of(struct names *n, const struct sql_session *s, const char *schema,
	 const char *table)
{
	enum status st = name_of(&n->database, s->database);
	enum status in = name_of(&n->schema, schema);
	enum status of = name_of(&n->table, table);

	return st != ST_OK ? st : in != ST_OK ? in : of;
}

static void
names_fini(struct names *n)
{
	buf_fini(&n->database.units);
	buf_fini(&n->schema.units);
	buf_fini(&n->table.units);
}

static bool
is_word(struct span s, const char *word)
{
	return s.len == strlen(word) &&
	       strncasecmp((const char *)s.ptr, word, s.len) == 0;
}

static bool
is_own(struct span schema)
{
	for (size_t i = 0; own_schemas[i] != NULL; i++)
		if (is_word(schema, own_schemas[i]))
			return true;
	return false;
}

static enum status
add_made(struct sql_session *s, struct span text)
{
	enum status st = ST_OK;

	if (text.len > 0 && memchr(text.ptr, 0, text.len) != NULL)
		return ST_MALFORMED;
	st = buf_add(&s->made, text.ptr, text.len);
	return st == ST_OK ? buf_add_byte(&s->made, 0) : st;
}

/* Begin to make rows; the statement at hand gives what they are made of. */
static void
begin_made(struct sql_session *s)
{
	buf_clear(&s->made);
	s->made_at = 0;
}

static enum status
after_call(struct sql_session *s, SQLRETURN r, bool late)
{
	if (late) {
		odbc_say(s, "it took too long to say what it has");
		return ST_TIMEOUT;
	}
	if (!SQL_SUCCEEDED(r))
		return odbc_status(s, r, SQL_HANDLE_STMT, s->stmt);
	s->open = true;
	return odbc_describe(s);
}

/* Cells of the next row; a cell that is not there is empty. */
static enum status
next_cells(struct sql_session *s, struct span *cell)
{
	return odbc_fetch(s, cell, (size_t)s->columns);
}

/* What is asked for is a pattern to drivers: "a_b" is "axb", too. */
static bool
is_asked(struct span got, const char *asked)
{
	return asked[0] == 0 || str_is(got, asked);
}

/* ---- tables ---- */

static char
kind_of(struct span type)
{
	if (is_word(type, "VIEW"))
		return 'v';
	return is_word(type, "TABLE") ? 't' : 0;
}

static enum status
take_table(struct sql_session *s, const struct span *cell)
{
	char kind[2] = {kind_of(cell[TABLE_TYPE]), 0};
	enum status st;

	if (kind[0] == 0 || is_own(cell[TABLE_SCHEMA]))
		return ST_OK;
	st = add_made(s, cell[TABLE_SCHEMA]);
	if (st == ST_OK)
		st = add_made(s, cell[TABLE_NAME]);
	return st == ST_OK ? add_made(s, span_str(kind)) : st;
}

enum status
odbc_tables(struct sql_session *s, const char *schema, const char *name)
{
	struct span *cell = calloc(ODBC_CELLS, sizeof(*cell));
	struct names n;
	enum status st = names_of(&n, s, schema, name);
	SQLRETURN r = SQL_ERROR;
	bool late = false;

	odbc_give_up(s);
	begin_made(s);
	if (cell == NULL)
		st = ST_NOMEM;
	if (st == ST_OK) {
		late = ODBC_CALL(
		    s, s->answer_ms, r,
		    SQLTablesW(s->stmt, units(&n.database), length(&n.database),
			       units(&n.schema), length(&n.schema),
			       units(&n.table), length(&n.table), NULL, 0));
		st = after_call(s, r, late);
	}
	while (st == ST_OK) {
		st = next_cells(s, cell);
		if (st == ST_OK && s->columns > TABLE_TYPE &&
		    is_asked(cell[TABLE_SCHEMA], schema) &&
		    is_asked(cell[TABLE_NAME], name))
			st = take_table(s, cell);
	}
	names_fini(&n);
	free(cell);
	s->is_made = st == ST_EOF;
	return st == ST_EOF ? ST_OK : st;
}

/* ---- columns ---- */

/*
 * A kind of sql.h, and what it holds, by the number of an SQL type: sql.h and
 * sqlext.h of ODBC; 9 and 10 are dates and times of its second version.
 */
static const char *
letters_of(long type, bool decimals)
{
	static const struct {
		long type;
		const char *letters;
	} types[] = {
	    {SQL_INTEGER, "n "},       {SQL_SMALLINT, "n "},
	    {SQL_BIGINT, "n "},        {SQL_TINYINT, "n "},
	    {SQL_CHAR, "t "},          {SQL_VARCHAR, "t "},
	    {SQL_LONGVARCHAR, "t "},   {SQL_WCHAR, "t "},
	    {SQL_WVARCHAR, "t "},      {SQL_WLONGVARCHAR, "t "},
	    {SQL_BINARY, "b "},        {SQL_VARBINARY, "b "},
	    {SQL_LONGVARBINARY, "b "}, {SQL_FLOAT, "of"},
	    {SQL_REAL, "of"},          {SQL_DOUBLE, "of"},
	    {SQL_BIT, "ol"},           {SQL_GUID, "ou"},
	    {SQL_DATETIME, "od"},      {SQL_TIME, "od"},
	    {SQL_TIMESTAMP, "od"},     {SQL_TYPE_DATE, "od"},
	    {SQL_TYPE_TIME, "od"},     {SQL_TYPE_TIMESTAMP, "od"},
	};

	if (type == SQL_DECIMAL || type == SQL_NUMERIC)
		return decimals ? "nf" : "n ";
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].type == type)
			return types[i].letters;
	return "o ";
}

/*
 * Up to so many characters it cannot be large; 0 and less: nobody knows. Of
 * long types drivers tell how much of a cell they like to give.
 */
#define SHORT 65536

static bool
is_long(long type)
{
	return type == SQL_LONGVARCHAR || type == SQL_WLONGVARCHAR ||
	       type == SQL_LONGVARBINARY;
}

static enum status
take_column(struct sql_session *s, const struct span *cell)
{
	uint64_t size = 0, decimals = 0;
	long type = 0;
	char digits[16];
	enum status st;

	if (str_copy(digits, sizeof(digits), cell[COLUMN_TYPE]) == ST_OK)
		type = strtol(digits, NULL, 10);
	if (s->columns <= COLUMN_DIGITS ||
	    str_to_u64(cell[COLUMN_DIGITS], 0, UINT64_MAX, &decimals) != ST_OK)
		decimals = 0;
	if (str_to_u64(cell[COLUMN_SIZE], 0, UINT64_MAX, &size) != ST_OK)
		size = 0;
	st = add_made(s, cell[COLUMN_NAME]);
	if (st == ST_OK)
		st = add_made(s, span_str(letters_of(type, decimals > 0)));
	if (st == ST_OK)
		st = add_made(s, span_str("0")); /* its place, see below */
	return st == ST_OK ? add_made(s, span_str(size > 0 && size <= SHORT &&
							  !is_long(type)
						      ? "0"
						      : "1"))
			   : st;
}

/*
 * The digit of its place in the made rows becomes what the key says. A column
 * of no name stands for all of them.
 */
static void
mark_key(struct sql_session *s, struct span column, uint64_t place)
{
	size_t at = 0;

	while (at < s->made.len) {
		const char *row = (const char *)s->made.data + at;
		size_t name = strlen(row);
		size_t digit = at + name + 1 + 3;

		if (column.len == 0 ||
		    (name == column.len && memcmp(row, column.ptr, name) == 0))
			s->made.data[digit] = (uint8_t)('0' + place);
		at = digit + 2 + 2;
	}
}

#define KEY_MAX 9 /* columns: one digit */

static enum status
find_key(struct sql_session *s, struct names *n, struct span *cell)
{
	SQLRETURN r = SQL_ERROR;
	uint64_t place, last = 0;
	bool late;
	enum status st;

	odbc_give_up(s);
	late = ODBC_CALL(s, s->answer_ms, r,
			 SQLPrimaryKeysW(s->stmt, units(&n->database),
					 length(&n->database),
					 units(&n->schema), length(&n->schema),
					 units(&n->table), length(&n->table)));
	st = after_call(s, r, late);
	while (st == ST_OK) {
		st = next_cells(s, cell);
		if (st != ST_OK || s->columns <= KEY_PLACE ||
		    str_to_u64(cell[KEY_PLACE], 1, UINT16_MAX, &place) != ST_OK)
			continue;
		last = place > last ? place : last;
		if (place <= KEY_MAX)
			mark_key(s, cell[KEY_COLUMN], place);
	}
	/* a part of a key is none */
	if (st != ST_EOF || last > KEY_MAX)
		mark_key(s, span_of(NULL, 0), 0);
	/* a driver that has no keys to tell is no reason not to read */
	return st == ST_TIMEOUT || st == ST_CLOSED ? st : ST_OK;
}

enum status
odbc_columns(struct sql_session *s, const char *schema, const char *name)
{
	struct span *cell = calloc(ODBC_CELLS, sizeof(*cell));
	struct names n;
	enum status st = names_of(&n, s, schema, name);
	SQLRETURN r = SQL_ERROR;
	bool late;

	odbc_give_up(s);
	begin_made(s);
	if (cell == NULL)
		st = ST_NOMEM;
	if (st == ST_OK) {
		late =
		    ODBC_CALL(s, s->answer_ms, r,
			      SQLColumnsW(s->stmt, units(&n.database),
					  length(&n.database), units(&n.schema),
					  length(&n.schema), units(&n.table),
					  length(&n.table), NULL, 0));
		st = after_call(s, r, late);
	}
	while (st == ST_OK) {
		st = next_cells(s, cell);
		if (st == ST_OK && s->columns > COLUMN_SIZE &&
		    is_asked(cell[TABLE_SCHEMA], schema) &&
		    is_asked(cell[TABLE_NAME], name))
			st = take_column(s, cell);
	}
	if (st == ST_EOF)
		st = find_key(s, &n, cell);
	names_fini(&n);
	free(cell);
	s->is_made = st == ST_OK;
	return st;
}
