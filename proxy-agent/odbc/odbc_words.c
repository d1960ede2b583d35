#include <stdio.h>
#include <string.h>

#include "proxy-agent/odbc/odbc_impl.h"
#include "proxy-agent/odbc/wide.h"

#define WORDS 200 /* UTF-16 units of a driver's message that are kept */

/* Classes of SQLSTATE: ISO/IEC 9075-2, and ODBC's own (appendix A). */
static const struct {
	const char *state; /* its beginning */
	enum status st;
} states[] = {
    {"28", ST_DENIED},         {"42501", ST_DENIED},  {"42S02", ST_NOTFOUND},
    {"42P01", ST_NOTFOUND},    {"3D", ST_NOTFOUND},   {"08", ST_CLOSED},
    {"HYT01", ST_TIMEOUT},     {"HYT", ST_AGAIN},     {"57014", ST_AGAIN},
    {"55P03", ST_AGAIN},       {"HY008", ST_TIMEOUT}, {"HY018", ST_TIMEOUT},
    {"57P", ST_CLOSED},        {"HY001", ST_NOMEM},   {"IM002", ST_UNSUPPORTED},
    {"IM003", ST_UNSUPPORTED},
};

/* One line, printable. */
void
odbc_say(struct sql_session *s, const char *words)
{
	size_t n = strcspn(words, "\r\n");

	snprintf(s->trouble, sizeof(s->trouble), "%.*s", (int)n, words);
	for (char *c = s->trouble; *c != 0; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
}

static enum status
status_of(const char *state)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strncmp(state, states[i].state, strlen(states[i].state)) ==
		    0)
			return states[i].st;
	return ST_IO;
}

static size_t
units_of(const SQLWCHAR *w, size_t room)
{
	size_t n = 0;

	while (n < room && w[n] != 0)
		n++;
	return n;
}

/* The first record says what failed; drivers put comments behind it. */
static enum status
read_record(struct sql_session *s, SQLSMALLINT kind, SQLHANDLE handle)
{
	SQLWCHAR state[6] = {0}, words[WORDS + 1] = {0};
	SQLINTEGER native = 0;
	SQLSMALLINT len = 0;
	char plain[6] = "";
	struct buf text;
	SQLRETURN r =
	    SQLGetDiagRecW(kind, handle, 1, state, &native, words, WORDS, &len);

	if (!SQL_SUCCEEDED(r)) {
		odbc_say(s, "the driver does not say why");
		return ST_IO;
	}
	for (size_t i = 0; i < 5; i++)
		plain[i] = (char)(state[i] < 0x7f ? state[i] : '?');
	buf_init(&text, sizeof(words) * 3 + 1);
	if (wide_text(&text, words, units_of(words, WORDS)) == ST_OK &&
	    buf_add_byte(&text, 0) == ST_OK)
		odbc_say(s, (const char *)text.data);
	buf_fini(&text);
	return status_of(plain);
}

enum status
odbc_status(struct sql_session *s, SQLRETURN r, SQLSMALLINT kind,
	    SQLHANDLE handle)
{
	SQLUINTEGER dead = SQL_CD_FALSE;
	enum status st;

	if (SQL_SUCCEEDED(r))
		return ST_OK;
	if (r == SQL_NO_DATA)
		return ST_EOF;
	if (r == SQL_INVALID_HANDLE)
		return ST_CLOSED;
	st = read_record(s, kind, handle);
	if (kind == SQL_HANDLE_STMT && st == ST_IO &&
	    SQL_SUCCEEDED(SQLGetConnectAttr(s->dbc, SQL_ATTR_CONNECTION_DEAD,
					    &dead, sizeof(dead), NULL)) &&
	    dead == SQL_CD_TRUE)
		return ST_CLOSED;
	return st;
}
