#include "proxy-agent/firebird/attach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy-agent/firebird/impl.h"

#define BLOBS_CAP ((size_t)48 << 20)
#define DPB_CAP   4096

/* ---- what went wrong ----------------------------------------------------- */

/* Which of its errors mean what, wherever they stand; others are ST_IO. */
static const struct {
	ISC_STATUS code;
	enum status st;
} meanings[] = {
    {isc_login, ST_DENIED},
    {isc_login_error, ST_DENIED},
    {isc_no_priv, ST_DENIED},
    {isc_wirecrypt_incompatible, ST_DENIED},
    {isc_dsql_relation_err, ST_NOTFOUND},
    {isc_io_open_err, ST_NOTFOUND},
    {isc_shutdown, ST_CLOSED},
    {isc_att_shutdown, ST_CLOSED},
    {isc_lost_db_connection, ST_CLOSED},
    {isc_network_error, ST_CLOSED},
    {isc_net_read_err, ST_CLOSED},
    {isc_net_write_err, ST_CLOSED},
    {isc_net_connect_err, ST_CLOSED},
    {isc_connect_reject, ST_CLOSED},
};

/* The vector is of pairs, of text with a length of threes; 0 ends it. */
static bool
has_code(const ISC_STATUS *v, ISC_STATUS code)
{
	for (size_t i = 0; i < ISC_STATUS_LENGTH && v[i] != isc_arg_end;
	     i += v[i] == isc_arg_cstring ? 3 : 2)
		if (v[i] == isc_arg_gds && v[i + 1] == code)
			return true;
	return false;
}

/* What it says, in one line. */
static void
take_words(struct sql_session *s)
{
	const ISC_STATUS *at = s->status;
	char line[256];
	size_t n = 0;

	s->trouble[0] = 0;
	while (n + 3 < sizeof(s->trouble) &&
	       fb_interpret(line, sizeof(line), &at) > 0)
		n += (size_t)snprintf(s->trouble + n, sizeof(s->trouble) - n,
				      "%s%s", n > 0 ? "; " : "", line);
	for (char *c = s->trouble; *c != 0; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
}

enum status
firebird_outcome(struct sql_session *s, bool late)
{
	if (late) {
		snprintf(s->trouble, sizeof(s->trouble),
			 "the server took too long to answer");
		return ST_TIMEOUT;
	}
	if (s->status[0] != isc_arg_gds || s->status[1] == 0)
		return ST_OK;
	take_words(s);
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (has_code(s->status, meanings[i].code))
			return meanings[i].st;
	return ST_IO;
}

const char *
firebird_trouble(const struct sql_session *s)
{
	return s->trouble;
}

/* Called from the watch: the one thing that another thread may do. */
static void
cut(void *arg)
{
	struct sql_session *s = arg;
	ISC_STATUS_ARRAY status;

	if (s->db != 0)
		(void)fb_cancel_operation(status, &s->db, fb_cancel_abort);
}

/* ---- attaching ----------------------------------------------------------- */

/*
 * Nothing but a connection to the server: no file is opened as a database, no
 * password is sent, and without the session's encryption there is none.
 */
static const char *
settings(const struct sql_to *to)
{
	return to->here || to->clear
		   ? "Providers=Remote\nAuthClient=Srp256,Srp\n"
		     "WireCrypt=Enabled"
		   : "Providers=Remote\nAuthClient=Srp256,Srp\n"
		     "WireCrypt=Required";
}

static enum status
add(struct buf *dpb, uint8_t name, const char *value)
{
	size_t n = strlen(value);
	enum status st = n > UINT8_MAX ? ST_LIMIT : buf_add_byte(dpb, name);

	if (st == ST_OK)
		st = buf_add_byte(dpb, (uint8_t)n);
	return st == ST_OK ? buf_add(dpb, value, n) : st;
}

/* A number of four bytes, the least first. */
static enum status
add_number(struct buf *dpb, uint8_t name, uint32_t n)
{
	const uint8_t item[] = {name,
				4,
				(uint8_t)n,
				(uint8_t)(n >> 8),
				(uint8_t)(n >> 16),
				(uint8_t)(n >> 24)};

	return buf_add(dpb, item, sizeof(item));
}

/*
 * Firebird API Guide, "Database parameter buffer". What it calls the timeout of
 * a connection is until the greeting has come.
 */
enum status
firebird_parameters(struct buf *dpb, const struct sql_to *to)
{
	enum status st = buf_add_byte(dpb, isc_dpb_version1);

	if (st == ST_OK)
		st = add(dpb, isc_dpb_lc_ctype, "UTF8");
	if (st == ST_OK)
		st = add(dpb, isc_dpb_process_name, "trawl");
	if (st == ST_OK)
		st = add(dpb, isc_dpb_config, settings(to));
	if (st == ST_OK)
		st = add_number(
		    dpb, isc_dpb_connect_timeout,
		    (to->patience.connect_ms + to->patience.sign_in_ms + 999) /
			1000);
	if (st == ST_OK)
		st = add(dpb, isc_dpb_user_name, to->user);
	if (st == ST_OK && to->password != NULL)
		st = add(dpb, isc_dpb_password, to->password);
	return st;
}

static enum status
dial(struct sql_session *s, const struct sql_to *to)
{
	bool v6 = strchr(to->host, ':') != NULL;
	char where[2048];
	struct buf dpb;
	enum status st;
	int n;

	n = snprintf(where, sizeof(where), "inet://%s%s%s:%u/%s", v6 ? "[" : "",
		     to->host, v6 ? "]" : "", to->port, to->database);
	if (n < 0 || (size_t)n >= sizeof(where))
		return ST_LIMIT;
	buf_init(&dpb, DPB_CAP);
	st = firebird_parameters(&dpb, to);
	if (st == ST_OK)
		st = CALL(s, to->patience.connect_ms + to->patience.sign_in_ms,
			  isc_attach_database(s->status, 0, where, &s->db,
					      (short)dpb.len,
					      (const char *)dpb.data));
	buf_fini(&dpb); /* wiped: the password was in it */
	return st;
}

enum status
firebird_attach(const struct sql_to *to, struct sql_session **out,
		struct buf *why)
{
	struct sql_session *s;
	enum status st;

	if (to->database[0] == 0) {
		if (why != NULL)
			(void)!buf_add_str(
			    why, "no database is named; its alias, or its "
				 "path with slashes as %2F, stands behind the "
				 "host, as in /DATABASE");
		return ST_USAGE;
	}
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return ST_NOMEM;
	s->answer_ms = to->patience.answer_ms;
	s->idle_ms = to->patience.idle_ms;
	buf_init(&s->blobs, BLOBS_CAP);
	st = watch_open(cut, s, watch_grace(s->answer_ms), &s->watch);
	if (st == ST_OK)
		st = dial(s, to);
	if (st == ST_OK) {
		*out = s;
		return ST_OK;
	}
	if (why != NULL && why->len == 0)
		(void)!buf_add_str(why, s->trouble);
	firebird_detach(s);
	return st;
}

void
firebird_detach(struct sql_session *s)
{
	if (s == NULL)
		return;
	firebird_drop(s);
	if (s->transaction != 0)
		(void)!CALL(
		    s, s->answer_ms,
		    isc_rollback_transaction(s->status, &s->transaction));
	if (s->db != 0)
		(void)!CALL(s, s->answer_ms,
			    isc_detach_database(s->status, &s->db));
	watch_close(s->watch);
	buf_fini(&s->blobs);
	free(s);
}
