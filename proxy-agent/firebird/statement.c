#include "proxy-agent/firebird/statement.h"

#include <stdlib.h>
#include <string.h>

#include "model/rows.h"
#include "proxy-agent/firebird/blob.h"
#include "proxy-agent/firebird/impl.h"

#define FIRST_COLUMNS 32
#define AS_TEXT       64 /* bytes of a number, a date */
#define ROW_CAP       ((size_t)1 << 20)
#define SQL_DIALECT   3

/* What a query is in that is in no other transaction. */
#define PLAIN "SET TRANSACTION READ ONLY WAIT ISOLATION LEVEL SNAPSHOT"

void
firebird_drop(struct sql_session *s)
{
	ISC_STATUS_ARRAY
	status; /* what went wrong before is still to be told */

	if (s->statement != 0) {
		watch_begin(s->watch, s->answer_ms);
		(void)isc_dsql_free_statement(status, &s->statement, DSQL_drop);
		(void)watch_end(s->watch);
	}
	s->statement = 0;
	s->rows = false;
	free(s->row);
	free(s->room);
	s->row = NULL;
	s->room = NULL;
}

/* ---- transactions -------------------------------------------------------- */

static enum status
say(struct sql_session *s, const char *sql)
{
	return CALL(s, s->answer_ms,
		    isc_dsql_execute_immediate(s->status, &s->db,
					       &s->transaction, 0, sql,
					       SQL_DIALECT, NULL));
}

static enum status
leave(struct sql_session *s)
{
	if (s->transaction == 0)
		return ST_OK;
	return CALL(s, s->answer_ms,
		    isc_rollback_transaction(s->status, &s->transaction));
}

enum status
firebird_run(struct sql_session *s, const char *sql)
{
	bool begins = strncmp(sql, "SET TRANSACTION", 15) == 0;
	enum status st = ST_OK;

	firebird_drop(s);
	if (begins)
		st = leave(s);
	else if (s->transaction == 0)
		return ST_OK; /* it is over already */
	return st == ST_OK ? say(s, sql) : st;
}

/* ---- rows ---------------------------------------------------------------- */

static int
type_of(const XSQLVAR *v)
{
	return v->sqltype & ~1; /* the lowest bit: it may be NULL */
}

static bool
is_text(const XSQLVAR *v)
{
	return type_of(v) == SQL_TEXT || type_of(v) == SQL_VARYING;
}

/* All but blobs as text: the server writes numbers better than we would. */
static void
want_text(XSQLVAR *v)
{
	if (type_of(v) == SQL_BLOB)
		return;
	if (!is_text(v)) {
		v->sqllen = AS_TEXT;
		v->sqlsubtype = 0; /* no character set: ASCII */
	}
	v->sqltype = SQL_VARYING + 1;
	v->sqlscale = 0;
}

/* Bytes of a cell: the length of text before it, or a blob's name. */
static size_t
room_for(const XSQLVAR *v)
{
	size_t n = type_of(v) == SQL_BLOB
		       ? sizeof(ISC_QUAD)
		       : sizeof(ISC_USHORT) + (uint16_t)v->sqllen;

	return (n + 7) / 8 * 8;
}

/* Each cell with its mark of NULL behind it, in one piece of memory. */
static enum status
make_room(struct sql_session *s)
{
	uint8_t *at;
	size_t n = 0;

	for (int i = 0; i < s->row->sqld; i++) {
		want_text(&s->row->sqlvar[i]);
		n += room_for(&s->row->sqlvar[i]) + 8;
	}
	if (n > ROW_CAP)
		return ST_LIMIT;
	s->room = at = calloc(1, n + 8);
	for (int i = 0; s->room != NULL && i < s->row->sqld; i++) {
		XSQLVAR *v = &s->row->sqlvar[i];

		v->sqldata = (ISC_SCHAR *)at;
		at += room_for(v);
		v->sqlind = (ISC_SHORT *)(void *)at;
		at += 8;
	}
	return s->room == NULL ? ST_NOMEM : ST_OK;
}

static enum status
take_row(struct sql_session *s, int columns)
{
	free(s->row);
	s->row = calloc(1, XSQLDA_LENGTH((size_t)columns));
	if (s->row == NULL)
		return ST_NOMEM;
	s->row->version = SQLDA_VERSION1;
	s->row->sqln = (ISC_SHORT)columns;
	return ST_OK;
}

static enum status
prepare(struct sql_session *s, const char *sql)
{
	enum status st = take_row(s, FIRST_COLUMNS);

	if (st == ST_OK)
		st = CALL(s, s->answer_ms,
			  isc_dsql_allocate_statement(s->status, &s->db,
						      &s->statement));
	if (st == ST_OK)
		st = CALL(s, s->answer_ms,
			  isc_dsql_prepare(s->status, &s->transaction,
					   &s->statement, 0, sql, SQL_DIALECT,
					   s->row));
	if (st != ST_OK || s->row->sqld <= s->row->sqln)
		return st;
	if (s->row->sqld > (int)ROWS_COLUMNS + 2)
		return ST_LIMIT;
	st = take_row(s, s->row->sqld);
	return st != ST_OK ? st
			   : CALL(s, s->answer_ms,
				  isc_dsql_describe(s->status, &s->statement,
						    SQL_DIALECT, s->row));
}

enum status
firebird_query(struct sql_session *s, const char *sql)
{
	enum status st = ST_OK;

	firebird_drop(s);
	if (s->transaction == 0)
		st = say(s, PLAIN);
	if (st == ST_OK)
		st = prepare(s, sql);
	if (st == ST_OK)
		st = make_room(s);
	if (st == ST_OK)
		st = CALL(s, s->answer_ms,
			  isc_dsql_execute(s->status, &s->transaction,
					   &s->statement, SQL_DIALECT, NULL));
	s->rows = st == ST_OK;
	return st;
}

/* ---- one row ------------------------------------------------------------- */

static bool
is_null(const XSQLVAR *v)
{
	return (v->sqltype & 1) != 0 && *v->sqlind < 0;
}

static struct span
text_of(const XSQLVAR *v)
{
	ISC_USHORT n;

	memcpy(&n, v->sqldata, sizeof(n));
	if (n > (uint16_t)v->sqllen)
		n = (ISC_USHORT)v->sqllen;
	return span_of(v->sqldata + sizeof(n), n);
}

/* Blobs go behind each other; where they end up is known behind the last. */
static enum status
take_blobs(struct sql_session *s, struct span *cell)
{
	enum status st = ST_OK;

	s->blobs.len = 0; /* not wiped: once for each row */
	for (int i = 0; st == ST_OK && i < s->row->sqld; i++) {
		const XSQLVAR *v = &s->row->sqlvar[i];
		size_t before = s->blobs.len;

		if (type_of(v) != SQL_BLOB || is_null(v))
			continue;
		st = firebird_blob(s, v);
		cell[i].len = s->blobs.len - before;
	}
	return st;
}

static void
put_cells(const struct sql_session *s, struct span *cell)
{
	const uint8_t *at = s->blobs.data;

	for (int i = 0; i < s->row->sqld; i++) {
		const XSQLVAR *v = &s->row->sqlvar[i];

		if (is_null(v)) {
			cell[i] = span_of(NULL, 0);
		} else if (type_of(v) != SQL_BLOB) {
			cell[i] = text_of(v);
		} else if (cell[i].len == 0) {
			cell[i] = span_of("", 0);
		} else {
			cell[i].ptr = at;
			at += cell[i].len;
		}
	}
}

#define NO_MORE 100 /* what isc_dsql_fetch() gives behind the last row */

enum status
firebird_fetch(struct sql_session *s, struct span *cell, size_t cells)
{
	ISC_STATUS got = 0;
	enum status st;

	if (!s->rows)
		return ST_EOF;
	if ((size_t)s->row->sqld != cells)
		return ST_MALFORMED;
	st = CALL(s, s->idle_ms > s->answer_ms ? s->idle_ms : s->answer_ms,
		  got = isc_dsql_fetch(s->status, &s->statement, SQL_DIALECT,
				       s->row));
	if (st == ST_OK && got == NO_MORE) {
		firebird_drop(s);
		return ST_EOF;
	}
	if (st == ST_OK)
		st = take_blobs(s, cell);
	if (st == ST_OK)
		put_cells(s, cell);
	return st;
}
