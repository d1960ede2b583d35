#include <string.h>

#include "proxy-agent/odbc/odbc_impl.h"
#include "proxy-agent/odbc/wide.h"

#define PIECE ((size_t)64 << 10) /* bytes asked for at a time */

static bool
is_binary(SQLSMALLINT type)
{
	return type == SQL_BINARY || type == SQL_VARBINARY ||
	       type == SQL_LONGVARBINARY;
}

static bool
is_text(SQLSMALLINT type)
{
	return type == SQL_CHAR || type == SQL_VARCHAR ||
	       type == SQL_LONGVARCHAR || type == SQL_WCHAR ||
	       type == SQL_WVARCHAR || type == SQL_WLONGVARCHAR;
}

/* Bytes that a call has put down, of which `end` stand for the terminator. */
static size_t
bytes_of(SQLRETURN r, SQLLEN len, size_t end)
{
	if (r == SQL_SUCCESS_WITH_INFO &&
	    (len == SQL_NO_TOTAL || len < 0 || (size_t)len > PIECE - end))
		return PIECE - end;
	return len < 0 ? 0 : (size_t)len;
}

/* All pieces of it as the driver gives them, in C type `as`. */
static enum status
get_data(struct sql_session *s, SQLUSMALLINT i, SQLSMALLINT as, size_t end,
	 struct buf *to, bool *null)
{
	SQLRETURN r = SQL_SUCCESS_WITH_INFO;

	*null = false;
	while (r == SQL_SUCCESS_WITH_INFO) {
		SQLLEN len = 0;
		bool late;

		if (to->len > ODBC_CELL * 2 ||
		    buf_reserve(to, PIECE) != ST_OK) {
			odbc_say(s, "a cell is larger than can be read");
			return ST_LIMIT;
		}
		late = ODBC_CALL(s, s->idle_ms, r,
				 SQLGetData(s->stmt, (SQLUSMALLINT)(i + 1), as,
					    to->data + to->len, (SQLLEN)PIECE,
					    &len));
		if (late)
			return ST_TIMEOUT;
		if (r == SQL_NO_DATA)
			return ST_OK;
		if (!SQL_SUCCEEDED(r))
			return odbc_status(s, r, SQL_HANDLE_STMT, s->stmt);
		if (len == SQL_NULL_DATA) {
			*null = true;
			return ST_OK;
		}
		to->len += bytes_of(r, len, end);
	}
	return ST_OK;
}

enum status
odbc_cell(struct sql_session *s, SQLUSMALLINT i, struct buf *to, bool *null)
{
	SQLSMALLINT type = s->types[i];
	const void *bytes;
	enum status st;

	if (is_binary(type))
		return get_data(s, i, SQL_C_BINARY, 0, to, null);
	if (!is_text(type)) /* numbers and times are plain letters */
		return get_data(s, i, SQL_C_CHAR, 1, to, null);
	buf_clear(&s->wide);
	st = get_data(s, i, SQL_C_WCHAR, sizeof(SQLWCHAR), &s->wide, null);
	bytes = s->wide.data;
	return st == ST_OK && !*null
		   ? wide_text(to, bytes, s->wide.len / sizeof(SQLWCHAR))
		   : st;
}

/* ---- rows ---- */

static enum status
next_row(struct sql_session *s)
{
	SQLRETURN r;

	if (ODBC_CALL(s, s->idle_ms, r, SQLFetch(s->stmt))) {
		odbc_say(s, "it stopped in the middle of a table");
		return ST_TIMEOUT;
	}
	return odbc_status(s, r, SQL_HANDLE_STMT, s->stmt);
}

static enum status
take_cells(struct sql_session *s)
{
	enum status st = ST_OK;

	buf_clear(&s->row);
	for (SQLUSMALLINT i = 0; st == ST_OK && i < s->columns; i++) {
		st = odbc_cell(s, i, &s->row, &s->null[i]);
		s->ends[i] = s->row.len;
	}
	return st;
}

static void
show_cells(const struct sql_session *s, struct span *cell)
{
	size_t at = 0;

	for (SQLSMALLINT i = 0; i < s->columns; i++) {
		size_t len = s->ends[i] - at;

		cell[i] = s->null[i] ? span_of(NULL, 0)
			  : len == 0 ? span_str("")
				     : span_of(s->row.data + at, len);
		at = s->ends[i];
	}
}

/* Rows that were made here: each cell with a NUL behind it; no cell is NULL. */
static enum status
next_made(struct sql_session *s, struct span *cell, size_t cells)
{
	if (s->made_at == s->made.len)
		return ST_EOF;
	for (size_t i = 0; i < cells; i++) {
		const uint8_t *from = s->made.data + s->made_at;
		const uint8_t *end = memchr(from, 0, s->made.len - s->made_at);

		if (end == NULL)
			return ST_MALFORMED;
		cell[i] = span_of(from, (size_t)(end - from));
		s->made_at += cell[i].len + 1;
	}
	return ST_OK;
}

enum status
odbc_fetch(struct sql_session *s, struct span *cell, size_t cells)
{
	enum status st;

	if (s->is_made)
		return next_made(s, cell, cells);
	if (!s->open)
		return ST_EOF;
	if ((size_t)s->columns != cells)
		return ST_MALFORMED;
	st = next_row(s);
	if (st == ST_OK)
		st = take_cells(s);
	if (st == ST_OK)
		show_cells(s, cell);
	else
		odbc_give_up(s);
	return st;
}
