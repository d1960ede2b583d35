#include <string.h>

#include "model/rows.h"
#include "proxy-agent/odbc/odbc_impl.h"
#include "proxy-agent/odbc/wide.h"

#define ASKED ((size_t)64 << 10) /* bytes asked for at a time */

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

/* Numbers and times are plain letters. */
static SQLSMALLINT
c_type(SQLSMALLINT type)
{
	if (is_binary(type))
		return SQL_C_BINARY;
	return is_text(type) ? SQL_C_WCHAR : SQL_C_CHAR;
}

/* ---- as the driver gives it ---- */

/* Bytes that a call has put down, of which `end` stand for the terminator. */
static size_t
bytes_of(SQLRETURN r, SQLLEN len, size_t end)
{
	if (r == SQL_SUCCESS_WITH_INFO &&
	    (len == SQL_NO_TOTAL || len < 0 || (size_t)len > ASKED - end))
		return ASKED - end;
	return len < 0 ? 0 : (size_t)len;
}

/*
 * Some drivers have no parts of a cell: of such a one they give the beginning,
 * and then either nothing or the same again. What it said at first is in the
 * units of a server sometimes: four times as much is on the safe side.
 */
static enum status
check_progress(struct sql_session *s, SQLRETURN r, SQLLEN len, size_t got)
{
	struct odbc_part *c = &s->part;
	bool first = c->got == 0;

	if (first && len > 0)
		c->said = (size_t)len;
	c->got += got;
	if ((r == SQL_NO_DATA && c->calls == 1 && c->said > c->got) ||
	    (c->said > 0 && c->got > c->said * 4 + ASKED)) {
		odbc_say(s, "the driver gives no more than its beginning");
		return ST_UNSUPPORTED;
	}
	c->calls++;
	return ST_OK;
}

/* With the connection goes all that would be asked for. */
static enum status
lost(struct sql_session *s, enum status st)
{
	if (st == ST_CLOSED || st == ST_TIMEOUT)
		s->lost = st;
	return st;
}

/* The next bytes of the cell at hand, to what `to` has. */
static enum status
get_some(struct sql_session *s, struct buf *to)
{
	struct odbc_part *c = &s->part;
	SQLSMALLINT as = c_type(s->types[c->column]);
	size_t end = as == SQL_C_BINARY  ? 0
		     : as == SQL_C_WCHAR ? sizeof(SQLWCHAR)
					 : 1;
	SQLRETURN r = SQL_ERROR;
	SQLLEN len = 0;
	size_t got;

	if (buf_reserve(to, ASKED) != ST_OK)
		return ST_NOMEM;
	if (ODBC_CALL(s, s->idle_ms, r,
		      SQLGetData(s->stmt, (SQLUSMALLINT)(c->column + 1), as,
				 to->data + to->len, (SQLLEN)ASKED, &len))) {
		odbc_say(s, "it stopped in the middle of a cell");
		return lost(s, ST_TIMEOUT);
	}
	if (r != SQL_NO_DATA && !SQL_SUCCEEDED(r))
		return lost(s, odbc_status(s, r, SQL_HANDLE_STMT, s->stmt));
	c->null = r != SQL_NO_DATA && len == SQL_NULL_DATA;
	got = r != SQL_NO_DATA && !c->null ? bytes_of(r, len, end) : 0;
	c->more = r == SQL_SUCCESS_WITH_INFO && got > 0;
	to->len += got;
	return check_progress(s, r, len, got);
}

/* ---- as we give it ---- */

/* Whole letters of what there is in UTF-16; a half one stays. */
static enum status
spell(struct sql_session *s, struct buf *to)
{
	const void *bytes = s->wide.data;
	const uint16_t *units = bytes;
	size_t n = s->wide.len / sizeof(*units);
	enum status st;

	if (s->part.more && n > 0 && (units[n - 1] & 0xfc00) == 0xd800)
		n--;
	st = wide_text(to, units, n);
	if (n > 0)
		buf_drop(&s->wide, n * sizeof(*units));
	return st;
}

static void
begin_cell(struct sql_session *s, SQLUSMALLINT i)
{
	s->part = (struct odbc_part){.column = i, .more = true};
	buf_clear(&s->wide);
}

/* About `most` bytes of the cell at hand, or all that is left of it. */
static enum status
take_some(struct sql_session *s, size_t most, struct buf *to)
{
	bool wide = is_text(s->types[s->part.column]);
	struct buf *raw = wide ? &s->wide : to;
	size_t had = raw->len;
	enum status st = ST_OK;

	most *= wide ? sizeof(SQLWCHAR) : 1;
	while (st == ST_OK && s->part.more && raw->len - had < most)
		st = get_some(s, raw);
	return st == ST_OK && wide ? spell(s, to) : st;
}

enum status
odbc_cell(struct sql_session *s, SQLUSMALLINT i, size_t most, struct buf *to,
	  bool *null)
{
	enum status st;

	begin_cell(s, i);
	st = take_some(s, most, to);
	*null = s->part.null;
	return st;
}

enum status
odbc_piece(struct sql_session *s, size_t i, struct span *piece)
{
	struct odbc_part *c = &s->part;
	enum status st = c->column == i ? c->late : ST_OK;

	if (c->column == i && c->begun.len > 0) { /* it came with the row */
		*piece = c->begun;
		c->begun.len = 0;
		return ST_OK;
	}
	if (c->column != i)
		begin_cell(s, (SQLUSMALLINT)i);
	buf_clear(&s->row);
	if (st == ST_OK)
		st = s->lost;
	if (st == ST_OK)
		st = take_some(s, ODBC_PIECE, &s->row);
	*piece = buf_span(&s->row);
	return st;
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

/* Not all drivers go back to a cell: none is begun behind one that goes on. */
static enum status
take_cells(struct sql_session *s)
{
	enum status st = ST_OK;

	buf_clear(&s->row);
	s->came = 0;
	s->part.more = false;
	while (st == ST_OK && s->came < s->columns && !s->part.more) {
		SQLUSMALLINT i = s->came;

		st = odbc_cell(s, i, ROWS_CELL, &s->row, &s->null[i]);
		s->ends[i] = s->row.len;
		if (st == ST_OK && !s->part.more)
			s->came++;
	}
	if (st == ST_OK || st == ST_NOMEM ||
	    (s->lost != ST_OK && s->part.got == 0))
		return st;
	s->part.late = st; /* told when this cell is asked for */
	return ST_OK;
}

static void
show_cells(struct sql_session *s, struct span *cell)
{
	size_t at = s->came > 0 ? s->ends[s->came - 1] : 0;

	s->part.begun = span_skip(buf_span(&s->row), at);
	at = 0;
	for (SQLSMALLINT i = 0; i < s->columns; i++) {
		size_t len = s->ends[i] - at;

		if (i >= s->came) {
			cell[i] = (struct span){.len = SQL_TO_COME};
			continue;
		}

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
	if (s->lost != ST_OK)
		return s->lost;
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
