#include "proxy-agent/sql/tds.h"

#include <ctpublic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proxy-agent/source/sql_source.h"
#include "proxy-agent/source/sql_text.h"
#include "proxy-agent/sql/pem.h"
#include "proxy-agent/sql/tds_sql.h"

#define SERVER     "trawl" /* our name for it, in our settings of FreeTDS */
#define BOUND_MAX  32768   /* bytes of a cell that has a place of its own */
#define NUMBER_MAX 80      /* of a number or a time as text */
#define CHUNK      65536

struct tds_cell {
	char *at;
	CS_INT room, len;
	CS_SMALLINT null; /* -1: it is */
	struct buf large; /* without a place, fetched in chunks */
};

struct sql_session {
	const struct sql_dialect *dialect;
	CS_CONTEXT *context;
	CS_CONNECTION *connection;
	CS_COMMAND *command;
	struct tds_cell *cells;
	CS_INT count;   /* of them */
	CS_INT rows;    /* of the result, so far */
	CS_INT counted; /* as the server says; CS_NO_COUNT */
	bool open;      /* the end of the statement is still to come */
	enum status st; /* what its messages mean */
	char trouble[240];
};

/* ---- messages ---- */

/* Errors of SQL Server and ASE that mean something; all others are ST_IO. */
static const struct {
	CS_INT number;
	enum status st;
} meanings[] = {
    {208, ST_NOTFOUND}, {911, ST_NOTFOUND}, {4060, ST_NOTFOUND},
    {229, ST_DENIED},   {230, ST_DENIED},   {297, ST_DENIED},
    {300, ST_DENIED},   {916, ST_DENIED},   {4002, ST_DENIED},
    {10330, ST_DENIED}, {18450, ST_DENIED}, {18452, ST_DENIED},
    {18456, ST_DENIED}, {18470, ST_DENIED}, {18486, ST_DENIED},
    {18487, ST_DENIED}, {18488, ST_DENIED},
};

static struct sql_session *
session_of(CS_CONNECTION *c)
{
	void *s = NULL;

	if (c == NULL || ct_con_props(c, CS_GET, CS_USERDATA, &s, sizeof(s),
				      NULL) != CS_SUCCEED)
		return NULL;
	return s;
}

/* The first error is the cause, what comes behind it a consequence. */
static void
note(struct sql_session *s, enum status st, const char *words)
{
	if (s == NULL || s->st != ST_OK)
		return;
	s->st = st;
	snprintf(s->trouble, sizeof(s->trouble), "%s", words);
	for (char *c = s->trouble; *c != 0; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
}

static CS_RETCODE
server_says(CS_CONTEXT *context, CS_CONNECTION *c, CS_SERVERMSG *m)
{
	enum status st = ST_IO;

	(void)context;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].number == m->msgnumber)
			st = meanings[i].st;
	if (m->severity > 10)
		note(session_of(c), st, m->text);
	return CS_SUCCEED;
}

/* CS_FAIL: what waits is given up. */
static CS_RETCODE
library_says(CS_CONTEXT *context, CS_CONNECTION *c, CS_CLIENTMSG *m)
{
	(void)context;
	if (CS_SEVERITY(m->msgnumber) != CS_SV_INFORM)
		note(session_of(c), ST_CLOSED, m->msgstring);
	return CS_FAIL;
}

/* ---- signing in ---- */

static CS_INT
seconds(uint32_t ms)
{
	return (CS_INT)((ms + 999) / 1000);
}

/* Settings in the form of FreeTDS: it knows no other way to ask for TLS. */
static enum status
put_settings(struct buf *b, const struct sql_to *to, const char *version,
	     const char *ca)
{
	bool must = ca != NULL || (!to->here && !to->clear);
	enum status st;

	if (strpbrk(to->host, "\r\n;#[]") != NULL)
		return ST_MALFORMED;
	st = buf_addf(b,
		      "[" SERVER "]\nhost = %s\nport = %u\ntds version = %s\n"
		      "client charset = UTF-8\nread-only intent = yes\n"
		      "text size = %d\nencryption = %s\n",
		      to->host, to->port, version, TDS_CELL_MAX,
		      must ? "require" : "request");
	if (st == ST_OK && ca != NULL)
		st = buf_addf(b,
			      "ca file = %s\ncheck certificate hostname = "
			      "yes\n",
			      ca);
	return st;
}

static bool
set_text(CS_CONNECTION *c, CS_INT what, const char *value)
{
	char copy[512];
	bool good = strlen(value) < sizeof(copy);

	if (good) { /* it is not const for the library */
		snprintf(copy, sizeof(copy), "%s", value);
		good = ct_con_props(c, CS_SET, what, copy, CS_NULLTERM, NULL) ==
		       CS_SUCCEED;
		explicit_bzero(copy, sizeof(copy));
	}
	return good;
}

static bool
set_context(struct sql_session *s, const struct sql_to *to)
{
	CS_INT sign_in =
	    seconds(to->patience.connect_ms + to->patience.sign_in_ms);
	CS_INT wait = seconds(to->patience.answer_ms > to->patience.idle_ms
				  ? to->patience.answer_ms
				  : to->patience.idle_ms);
	CS_CONTEXT *x = s->context;

	return ct_callback(x, NULL, CS_SET, CS_SERVERMSG_CB,
			   (CS_VOID *)server_says) == CS_SUCCEED &&
	       ct_callback(x, NULL, CS_SET, CS_CLIENTMSG_CB,
			   (CS_VOID *)library_says) == CS_SUCCEED &&
	       ct_config(x, CS_SET, CS_LOGIN_TIMEOUT, &sign_in, CS_UNUSED,
			 NULL) == CS_SUCCEED &&
	       ct_config(x, CS_SET, CS_TIMEOUT, &wait, CS_UNUSED, NULL) ==
		   CS_SUCCEED;
}

static bool
set_connection(struct sql_session *s, const struct sql_to *to)
{
	CS_CONNECTION *c = s->connection;
	void *self = s;

	return ct_con_props(c, CS_SET, CS_USERDATA, &self, sizeof(self),
			    NULL) == CS_SUCCEED &&
	       set_text(c, CS_USERNAME, to->user) &&
	       set_text(c, CS_PASSWORD,
			to->password != NULL ? to->password : "") &&
	       set_text(c, CS_APPNAME, "trawl") &&
	       (to->database[0] == 0 || set_text(c, CS_DATABASE, to->database));
}

static enum status
connect_by(struct sql_session *s, const struct sql_to *to)
{
	char name[] = SERVER;

	if (cs_ctx_alloc(CS_VERSION_125, &s->context) != CS_SUCCEED ||
	    ct_init(s->context, CS_VERSION_125) != CS_SUCCEED ||
	    !set_context(s, to) ||
	    ct_con_alloc(s->context, &s->connection) != CS_SUCCEED ||
	    !set_connection(s, to))
		return ST_NOMEM;
	if (ct_connect(s->connection, name, CS_NULLTERM) != CS_SUCCEED) {
		note(s, ST_IO, "it cannot be reached");
		return s->st == ST_CLOSED ? ST_IO : s->st;
	}
	s->st = ST_OK;
	return ct_cmd_alloc(s->connection, &s->command) == CS_SUCCEED
		   ? ST_OK
		   : ST_NOMEM;
}

static enum status
sign_in(struct sql_session *s, const struct sql_to *to, const char *version)
{
	char ca[PEM_NAME], name[PEM_NAME];
	int fd = -1, settings = -1;
	struct buf b;
	enum status st = ST_OK;

	buf_init(&b, 4096);
	if (to->ca_pem.len > 0 && (fd = pem_file(to->ca_pem, ca)) < 0)
		st = ST_IO;
	if (st == ST_OK)
		st = put_settings(&b, to, version, fd >= 0 ? ca : NULL);
	if (st == ST_OK && (settings = pem_file(buf_span(&b), name)) < 0)
		st = ST_IO;
	/* the one way in which it takes the name of such a file */
	if (st == ST_OK && setenv("FREETDSCONF", name, 1) != 0)
		st = ST_NOMEM;
	if (st == ST_OK)
		st = connect_by(s, to);
	(void)unsetenv("FREETDSCONF");
	if (settings >= 0)
		close(settings);
	if (fd >= 0)
		close(fd);
	buf_fini(&b);
	return st;
}

/* ---- results ---- */

static void
drop_cells(struct sql_session *s)
{
	for (CS_INT i = 0; i < s->count; i++) {
		free(s->cells[i].at);
		buf_fini(&s->cells[i].large);
	}
	free(s->cells);
	s->cells = NULL;
	s->count = 0;
}

static bool
is_bytes(CS_INT type)
{
	return type == CS_BINARY_TYPE || type == CS_VARBINARY_TYPE ||
	       type == CS_LONGBINARY_TYPE || type == CS_IMAGE_TYPE;
}

static bool
is_text(CS_INT type)
{
	return type == CS_CHAR_TYPE || type == CS_VARCHAR_TYPE ||
	       type == CS_LONGCHAR_TYPE || type == CS_TEXT_TYPE ||
	       type == CS_UNICHAR_TYPE || type == CS_UNITEXT_TYPE;
}

static bool
bind_cell(struct sql_session *s, CS_INT i)
{
	struct tds_cell *c = &s->cells[i];
	CS_DATAFMT f = {0};
	bool plain;

	buf_init(&c->large, TDS_CELL_MAX + CHUNK);
	if (ct_describe(s->command, i + 1, &f) != CS_SUCCEED)
		return false;
	plain = is_text(f.datatype) || is_bytes(f.datatype);
	if (plain && (f.maxlength <= 0 || f.maxlength > BOUND_MAX))
		return true;
	c->room = plain ? f.maxlength : NUMBER_MAX;
	c->at = malloc((size_t)c->room);
	f.datatype = is_bytes(f.datatype) ? CS_BINARY_TYPE : CS_CHAR_TYPE;
	f.format = CS_FMT_UNUSED;
	f.maxlength = c->room;
	f.count = 1;
	f.locale = NULL;
	return c->at != NULL && ct_bind(s->command, i + 1, &f, c->at, &c->len,
					&c->null) == CS_SUCCEED;
}

static enum status
bind_row(struct sql_session *s)
{
	CS_INT n = 0;

	drop_cells(s);
	if (ct_res_info(s->command, CS_NUMDATA, &n, CS_UNUSED, NULL) !=
		CS_SUCCEED ||
	    n <= 0)
		return ST_MALFORMED;
	s->cells = calloc((size_t)n, sizeof(*s->cells));
	if (s->cells == NULL)
		return ST_NOMEM;
	s->count = n;
	s->rows = 0;
	for (CS_INT i = 0; i < n; i++)
		if (!bind_cell(s, i))
			return ST_NOMEM;
	return ST_OK;
}

static enum status
trouble_or(const struct sql_session *s, enum status st)
{
	return s->st != ST_OK ? s->st : st;
}

static bool
is_dead(const struct sql_session *s)
{
	CS_INT how = 0;

	return ct_con_props(s->connection, CS_GET, CS_CON_STATUS, &how,
			    CS_UNUSED, NULL) != CS_SUCCEED ||
	       (how & CS_CONSTAT_DEAD) != 0;
}

/*
 * Results up to one with rows (ST_OK), or to the end of the statement (ST_EOF).
 */
static enum status
next_result(struct sql_session *s)
{
	CS_INT type = 0;
	CS_RETCODE got;

	while ((got = ct_results(s->command, &type)) == CS_SUCCEED) {
		if (type == CS_ROW_RESULT)
			return bind_row(s);
		if (type == CS_CMD_FAIL)
			note(s, ST_IO, "the server refused a statement");
		if (type == CS_CMD_DONE &&
		    ct_res_info(s->command, CS_ROW_COUNT, &s->counted,
				CS_UNUSED, NULL) != CS_SUCCEED)
			s->counted = CS_NO_COUNT;
	}
	s->open = false;
	if (got != CS_END_RESULTS || is_dead(s)) {
		note(s, ST_CLOSED, "the connection was lost");
		return ST_CLOSED;
	}
	return trouble_or(s, ST_EOF);
}

/* ---- statements ---- */

static enum status
tds_query(struct sql_session *s, const char *sql)
{
	size_t len = strlen(sql);
	CS_CHAR *text;
	enum status st;

	if (s->open || is_dead(s))
		return ST_CLOSED; /* all rows would have to be read */
	s->st = ST_OK;
	text = strdup(sql); /* it is not const for the library */
	if (text == NULL)
		return ST_NOMEM;
	s->counted = CS_NO_COUNT;
	s->rows = 0;
	if (ct_command(s->command, CS_LANG_CMD, text, (CS_INT)len, CS_UNUSED) !=
		CS_SUCCEED ||
	    ct_send(s->command) != CS_SUCCEED) {
		note(s, ST_CLOSED, "the connection was lost");
		st = s->st;
	} else {
		s->open = true;
		st = next_result(s);
	}
	free(text);
	return st == ST_EOF ? ST_OK : st;
}

static enum status
tds_run(struct sql_session *s, const char *sql)
{
	enum status st = tds_query(s, sql);

	return st == ST_OK && s->open ? ST_MALFORMED : st;
}

/* A cell without a place of its own. */
static enum status
take_large(struct sql_session *s, CS_INT i)
{
	struct buf *b = &s->cells[i].large;
	enum status st = ST_OK;
	CS_RETCODE got = CS_SUCCEED;
	CS_INT n = 0;

	buf_clear(b);
	while (st == ST_OK && got == CS_SUCCEED) {
		st = buf_reserve(b, CHUNK);
		if (st != ST_OK)
			break;
		got =
		    ct_get_data(s->command, i + 1, b->data + b->len, CHUNK, &n);
		if (got == CS_SUCCEED || got == CS_END_ITEM ||
		    got == CS_END_DATA)
			b->len += (size_t)n;
	}
	if (st == ST_OK && got != CS_END_ITEM && got != CS_END_DATA)
		return trouble_or(s, ST_CLOSED);
	return st == ST_OK && b->len >= TDS_CELL_MAX ? ST_LIMIT : st;
}

static enum status
take_row(struct sql_session *s, struct span *cell)
{
	enum status st = ST_OK;

	for (CS_INT i = 0; st == ST_OK && i < s->count; i++) {
		struct tds_cell *c = &s->cells[i];

		if (c->at != NULL) {
			cell[i] = c->null < 0 ? span_of(NULL, 0)
					      : span_of(c->at, (size_t)c->len);
			continue;
		}
		st = take_large(s, i);
		cell[i] =
		    c->large.len == 0 ? span_of(NULL, 0) : buf_span(&c->large);
	}
	s->rows++;
	return st;
}

/* A stream that is cut ends like one that is whole, but for its count. */
static enum status
end_of_rows(struct sql_session *s)
{
	enum status st;
	CS_INT rows = s->rows;

	while ((st = next_result(s)) == ST_OK)
		rows = -1; /* of more than one statement */
	if (st == ST_EOF && s->counted != rows) {
		note(s, ST_CLOSED, "the answer was cut off");
		return ST_CLOSED;
	}
	return st;
}

static enum status
tds_fetch(struct sql_session *s, struct span *cell, size_t cells)
{
	CS_INT n = 0;
	CS_RETCODE got;

	if (!s->open)
		return ST_EOF;
	if ((size_t)s->count != cells)
		return ST_MALFORMED;
	got = ct_fetch(s->command, CS_UNUSED, CS_UNUSED, CS_UNUSED, &n);
	if (got == CS_SUCCEED)
		return take_row(s, cell);
	if (got == CS_END_DATA)
		return end_of_rows(s);
	note(s, is_dead(s) ? ST_CLOSED : ST_IO, "a row could not be read");
	return s->st;
}

/* ---- the session ---- */

static void
tds_leave(struct sql_session *s)
{
	if (s == NULL)
		return;
	drop_cells(s);
	if (s->connection != NULL) {
		(void)ct_close(s->connection, CS_FORCE_CLOSE);
		if (s->command != NULL)
			(void)ct_cmd_drop(s->command);
		(void)ct_con_drop(s->connection);
	}
	if (s->context != NULL) {
		(void)ct_exit(s->context, CS_FORCE_EXIT);
		(void)cs_ctx_drop(s->context);
	}
	free(s);
}

static enum status
enter_as(const struct sql_to *to, const struct sql_dialect *d,
	 const char *version, const char *setup, struct sql_session **out,
	 struct buf *why)
{
	struct sql_session *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	s->dialect = d;
	st = sign_in(s, to, version);
	if (st == ST_OK)
		st = tds_run(s, setup);
	if (st == ST_OK) {
		*out = s;
		return ST_OK;
	}
	if (why != NULL)
		(void)!buf_add_str(why, s->trouble);
	tds_leave(s);
	return st;
}

#define SETUP(size)    "SET TEXTSIZE " #size
#define SETUP_OF(size) SETUP(size)

/* Whoever waits for a lock is not kept waiting by us, nor we by him. */
static enum status
mssql_enter(const struct sql_to *to, struct sql_session **out, struct buf *why)
{
	return enter_as(to, &mssql_dialect, "7.4",
			"SET LOCK_TIMEOUT 10000 SET DEADLOCK_PRIORITY "
			"LOW " SETUP_OF(TDS_CELL_MAX),
			out, why);
}

static enum status
sybase_enter(const struct sql_to *to, struct sql_session **out, struct buf *why)
{
	return enter_as(to, &sybase_dialect, "5.0",
			"SET LOCK WAIT 10 SET QUOTED_IDENTIFIER "
			"ON " SETUP_OF(TDS_CELL_MAX),
			out, why);
}

static const struct sql_dialect *
tds_speaks(const struct sql_session *s)
{
	return s->dialect;
}

static const char *
tds_trouble(const struct sql_session *s)
{
	return s->trouble;
}

#define TDS_OPS(number, enter)                                                 \
	{                                                                      \
		.port = (number), .databases = true, .open = (enter),          \
		.close = tds_leave, .dialect = tds_speaks, .run = tds_run,     \
		.query = tds_query, .fetch = tds_fetch, .trouble = tds_trouble \
	}

static const struct sql_ops mssql_ops = TDS_OPS(1433, mssql_enter);
static const struct sql_ops sybase_ops = TDS_OPS(5000, sybase_enter);

static enum status
mssql_open(const struct source_target *t, struct source **out)
{
	return sql_open(t, &mssql_ops, out);
}

static enum status
sybase_open(const struct source_target *t, struct source **out)
{
	return sql_open(t, &sybase_ops, out);
}

const struct source_ops mssql_source = {
    .scheme = "mssql",
    .open = mssql_open,
    .next = sql_next,
    .read = sql_read,
    .cursor = sql_cursor,
    .close = sql_close,
};

const struct source_ops sybase_source = {
    .scheme = "sybase",
    .open = sybase_open,
    .next = sql_next,
    .read = sql_read,
    .cursor = sql_cursor,
    .close = sql_close,
};
