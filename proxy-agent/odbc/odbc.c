#include "proxy-agent/odbc/odbc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/odbc/connect.h"
#include "proxy-agent/odbc/odbc_impl.h"
#include "proxy-agent/odbc/wide.h"

#define SQL_CAP    ((size_t)16 << 20)
#define MADE_CAP   ((size_t)64 << 20)
#define NAME_UNITS 64

/* Called from the watch: the one thing that another thread may do. */
static void
cancel(void *arg)
{
	struct sql_session *s = arg;

	if (s->stmt != NULL)
		SQLCancel(s->stmt);
}

/* ---- connecting ---- */

static enum status
take_handles(struct sql_session *s)
{
	const uintptr_t v3 = SQL_OV_ODBC3;
	union {
		uintptr_t n;
		SQLPOINTER p;
	} version = {v3};

	if (!SQL_SUCCEEDED(
		SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &s->env)) ||
	    !SQL_SUCCEEDED(
		SQLSetEnvAttr(s->env, SQL_ATTR_ODBC_VERSION, version.p, 0)) ||
	    !SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_DBC, s->env, &s->dbc)))
		return ST_NOMEM;
	return ST_OK;
}

static void
set(struct sql_session *s, SQLINTEGER attribute, uintptr_t value)
{
	union {
		uintptr_t n;
		SQLPOINTER p;
	} v = {value};

	/* one that the driver does not know is only a wish */
	(void)!SQL_SUCCEEDED(SQLSetConnectAttrW(s->dbc, attribute, v.p, 0));
}

static enum status
dial(struct sql_session *s, const struct sql_to *to, struct buf *why)
{
	SQLSMALLINT len = 0;
	struct buf words;
	SQLRETURN r = SQL_ERROR;
	bool late = false;
	enum status st;

	buf_init(&words, (size_t)256 << 10);
	set(s, SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY);
	set(s, SQL_ATTR_LOGIN_TIMEOUT,
	    (to->patience.sign_in_ms + to->patience.connect_ms) / 1000);
	st = connect_words(&words, s->product, to, why);
	if (st == ST_OK) {
		late = ODBC_CALL(
		    s, to->patience.connect_ms + to->patience.sign_in_ms, r,
		    SQLDriverConnectW(s->dbc, NULL, (void *)words.data, SQL_NTS,
				      NULL, 0, &len, SQL_DRIVER_NOPROMPT));
		st = late ? ST_TIMEOUT
			  : odbc_status(s, r, SQL_HANDLE_DBC, s->dbc);
		if (late)
			odbc_say(s, "it took too long to answer");
		if (st != ST_OK && why != NULL)
			(void)!buf_add_str(why, s->trouble);
	}
	buf_fini(&words);
	return st;
}

/* What the server calls itself decides how it is spoken to. */
static void
recognise(struct sql_session *s)
{
	SQLWCHAR units[NAME_UNITS] = {0};
	SQLSMALLINT len = 0;
	struct buf name;

	if (strcmp(s->product->scheme, "odbc") != 0)
		return;
	buf_init(&name, NAME_UNITS * 4);
	if (SQL_SUCCEEDED(SQLGetInfoW(s->dbc, SQL_DBMS_NAME, units,
				      sizeof(units) - sizeof(SQLWCHAR),
				      &len)) &&
	    wide_text(&name, units,
		      (size_t)len / sizeof(SQLWCHAR) < NAME_UNITS
			  ? (size_t)len / sizeof(SQLWCHAR)
			  : NAME_UNITS - 1) == ST_OK &&
	    buf_add_byte(&name, 0) == ST_OK)
		s->product = product_named((const char *)name.data);
	buf_fini(&name);
}

static enum status
begin(struct sql_session *s, struct sql_limits limits)
{
	union {
		uintptr_t n;
		SQLPOINTER p;
	} limit = {(uintptr_t)((limits.statement_ms + 999) / 1000)};

	set(s, SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF);
	if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, s->dbc, &s->stmt))) {
		odbc_say(s, "the driver gives no statement");
		return ST_IO;
	}
	/* a wish: many drivers have no such thing */
	(void)!SQL_SUCCEEDED(
	    SQLSetStmtAttr(s->stmt, SQL_ATTR_QUERY_TIMEOUT, limit.p, 0));
	recognise(s);
	if (s->product->snapshot)
		set(s, SQL_ATTR_TXN_ISOLATION, SQL_TXN_REPEATABLE_READ);
	return ST_OK;
}

enum status
odbc_open(const struct product *p, const struct sql_to *to,
	  struct sql_session **out, struct buf *why)
{
	struct sql_session *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	s->product = p;
	s->answer_ms = to->patience.answer_ms;
	s->idle_ms = to->patience.idle_ms;
	buf_init(&s->row, ODBC_ROW);
	buf_init(&s->wide, ODBC_ROW);
	buf_init(&s->made, MADE_CAP);
	s->database = strdup(to->database);
	st = s->database == NULL ? ST_NOMEM : ST_OK;
	if (st == ST_OK)
		st =
		    watch_open(cancel, s, watch_grace(s->answer_ms), &s->watch);
	if (st == ST_OK)
		st = take_handles(s);
	if (st == ST_OK)
		st = dial(s, to, why);
	if (st == ST_OK)
		st = begin(s, to->limits);
	if (st == ST_OK)
		*out = s;
	else
		odbc_close(s);
	return st;
}

void
odbc_close(struct sql_session *s)
{
	if (s == NULL)
		return;
	watch_close(s->watch);
	if (s->stmt != NULL)
		SQLFreeHandle(SQL_HANDLE_STMT, s->stmt);
	if (s->dbc != NULL) {
		SQLEndTran(SQL_HANDLE_DBC, s->dbc, SQL_ROLLBACK);
		SQLDisconnect(s->dbc);
		SQLFreeHandle(SQL_HANDLE_DBC, s->dbc);
	}
	if (s->env != NULL)
		SQLFreeHandle(SQL_HANDLE_ENV, s->env);
	buf_fini(&s->row);
	buf_fini(&s->wide);
	buf_fini(&s->made);
	free(s->database);
	free(s);
}

const struct sql_dialect *
odbc_dialect(const struct sql_session *s)
{
	return &s->product->dialect;
}

const char *
odbc_trouble(const struct sql_session *s)
{
	return s->trouble;
}

/* ---- statements ---- */

void
odbc_give_up(struct sql_session *s)
{
	s->is_made = false;
	if (s->open)
		SQLFreeStmt(s->stmt, SQL_CLOSE);
	s->open = false;
}

enum status
odbc_describe(struct sql_session *s)
{
	SQLWCHAR name[2];
	SQLRETURN r = SQLNumResultCols(s->stmt, &s->columns);

	if (SQL_SUCCEEDED(r) && s->columns > ODBC_CELLS) {
		odbc_say(s, "the table has too many columns");
		return ST_LIMIT;
	}
	for (SQLSMALLINT i = 0; SQL_SUCCEEDED(r) && i < s->columns; i++) {
		SQLSMALLINT len, digits, nullable;
		SQLULEN size;

		r = SQLDescribeColW(s->stmt, (SQLUSMALLINT)(i + 1), name, 2,
				    &len, &s->types[i], &size, &digits,
				    &nullable);
	}
	return odbc_status(s, r, SQL_HANDLE_STMT, s->stmt);
}

static enum status
execute(struct sql_session *s, const char *sql)
{
	SQLRETURN r = SQL_ERROR;
	bool late = false;
	struct buf words;
	enum status st;

	if (s->lost != ST_OK)
		return s->lost;
	odbc_give_up(s);
	buf_init(&words, SQL_CAP);
	st = wide_of(&words, span_str(sql));
	if (st == ST_OK) {
		late = ODBC_CALL(
		    s, s->answer_ms, r,
		    SQLExecDirectW(s->stmt, (void *)words.data, SQL_NTS));
		st = late ? ST_TIMEOUT
			  : odbc_status(s, r, SQL_HANDLE_STMT, s->stmt);
	}
	if (late)
		odbc_say(s, "it took too long to answer");
	buf_fini(&words);
	s->open = st == ST_OK;
	return st == ST_EOF ? ST_OK : st;
}

/* The end of a transaction is a function here, and to some servers only that.
 */
static enum status
end_transaction(struct sql_session *s, SQLSMALLINT how)
{
	SQLRETURN r = SQL_ERROR;
	bool late;

	odbc_give_up(s);
	late = ODBC_CALL(s, s->answer_ms, r,
			 SQLEndTran(SQL_HANDLE_DBC, s->dbc, how));
	return late ? ST_TIMEOUT : odbc_status(s, r, SQL_HANDLE_DBC, s->dbc);
}

enum status
odbc_run(struct sql_session *s, const char *sql)
{
	enum status st;

	if (strcmp(sql, "COMMIT") == 0)
		return end_transaction(s, SQL_COMMIT);
	if (strcmp(sql, "ROLLBACK") == 0)
		return end_transaction(s, SQL_ROLLBACK);
	st = execute(s, sql);
	odbc_give_up(s);
	return st;
}

enum status
odbc_query(struct sql_session *s, const char *sql)
{
	enum status st = execute(s, sql);

	if (st == ST_OK)
		st = odbc_describe(s);
	if (st != ST_OK)
		odbc_give_up(s);
	return st;
}
