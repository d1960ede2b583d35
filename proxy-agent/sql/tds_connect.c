#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proxy-agent/sql/pem.h"
#include "proxy-agent/sql/tds_impl.h"
#include "proxy-agent/sql/tds_sql.h"

#define SERVER "trawl" /* our name for it, in our settings of FreeTDS */

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
    {18487, ST_DENIED}, {18488, ST_DENIED}, {1222, ST_AGAIN}, /* a lock */
    {12205, ST_AGAIN}, /* the same of ASE */
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

void
tds_note(struct sql_session *s, enum status st, const char *words)
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
		tds_note(session_of(c), st, m->text);
	return CS_SUCCEED;
}

/* CS_FAIL: what waits is given up. */
static CS_RETCODE
library_says(CS_CONTEXT *context, CS_CONNECTION *c, CS_CLIENTMSG *m)
{
	(void)context;
	if (CS_SEVERITY(m->msgnumber) != CS_SV_INFORM)
		tds_note(session_of(c), ST_CLOSED, m->msgstring);
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
	CS_INT tds_sign_in =
	    seconds(to->patience.connect_ms + to->patience.sign_in_ms);
	CS_INT wait = seconds(to->patience.answer_ms > to->patience.idle_ms
				  ? to->patience.answer_ms
				  : to->patience.idle_ms);
	CS_CONTEXT *x = s->context;

	return ct_callback(x, NULL, CS_SET, CS_SERVERMSG_CB,
			   (CS_VOID *)server_says) == CS_SUCCEED &&
	       ct_callback(x, NULL, CS_SET, CS_CLIENTMSG_CB,
			   (CS_VOID *)library_says) == CS_SUCCEED &&
	       ct_config(x, CS_SET, CS_LOGIN_TIMEOUT, &tds_sign_in, CS_UNUSED,
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
		tds_note(s, ST_IO, "it cannot be reached");
		return s->st == ST_CLOSED ? ST_IO : s->st;
	}
	s->st = ST_OK;
	return ct_cmd_alloc(s->connection, &s->command) == CS_SUCCEED
		   ? ST_OK
		   : ST_NOMEM;
}

enum status
tds_sign_in(struct sql_session *s, const struct sql_to *to, const char *version)
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

bool
tds_is_dead(const struct sql_session *s)
{
	CS_INT how = 0;

	return ct_con_props(s->connection, CS_GET, CS_CON_STATUS, &how,
			    CS_UNUSED, NULL) != CS_SUCCEED ||
	       (how & CS_CONSTAT_DEAD) != 0;
}

void
tds_disconnect(struct sql_session *s)
{
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
}
