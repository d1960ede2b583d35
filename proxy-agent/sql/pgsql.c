#include "proxy-agent/sql/pgsql.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "proxy-agent/sql/pem.h"

#define COPY_HEAD 19 /* bytes before the first row, without an extension */

/* Nothing written, text that means one thing. */
static const char settings[] =
    "-c default_transaction_read_only=on "
    "-c standard_conforming_strings=on -c TimeZone=UTC -c DateStyle=ISO "
    "-c IntervalStyle=postgres -c extra_float_digits=3";

struct pgsql {
	PGconn *conn;
	struct patience patience;
	char *row;    /* of a copy, PQfreemem() */
	bool copying; /* its end is still to come */
	bool head;    /* of the copy, still to come */
	uint64_t counted;
	char trouble[240];
};

/* ---- words ---- */

/* Its first line, printable. */
static void
keep_words(struct pgsql *p, const char *text)
{
	size_t n = strcspn(text, "\n");

	snprintf(p->trouble, sizeof(p->trouble), "%.*s", (int)n, text);
	for (char *c = p->trouble; *c != 0; c++)
		if (*c < ' ' || *c == 0x7f)
			*c = ' ';
}

const char *
pgsql_trouble(const struct pgsql *p)
{
	return p->trouble;
}

/* SQLSTATE, by its beginning: appendix A of its manual. */
static const struct {
	const char *state;
	enum status st;
} states[] = {
    {"28", ST_DENIED},      {"42501", ST_DENIED},
    {"42P01", ST_NOTFOUND}, {"57014", ST_AGAIN}, /* a statement's time */
    {"55P03", ST_AGAIN},                         /* a lock's */
};

static enum status
status_of(struct pgsql *p, const PGresult *r)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);

	keep_words(p, PQresultErrorMessage(r));
	if (PQstatus(p->conn) != CONNECTION_OK)
		return ST_CLOSED;
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (state != NULL && strncmp(state, states[i].state,
					     strlen(states[i].state)) == 0)
			return states[i].st;
	return ST_IO;
}

/* ---- connecting ---- */

static bool
wait_for(const struct pgsql *p, short events, uint32_t ms)
{
	struct pollfd f = {.fd = PQsocket(p->conn), .events = events};

	return f.fd >= 0 && poll(&f, 1, (int)ms) == 1;
}

static enum status
shake(struct pgsql *p)
{
	uint64_t end = clock_mono_ms(clock_system()) + p->patience.connect_ms +
		       p->patience.sign_in_ms;
	PostgresPollingStatusType next = PGRES_POLLING_WRITING;

	while (next != PGRES_POLLING_OK) {
		uint64_t now = clock_mono_ms(clock_system());

		if (next == PGRES_POLLING_FAILED) {
			keep_words(p, PQerrorMessage(p->conn));
			return strstr(p->trouble, "authentication failed")
				   ? ST_DENIED
				   : ST_IO;
		}
		if (now >= end ||
		    !wait_for(p,
			      next == PGRES_POLLING_READING ? POLLIN : POLLOUT,
			      (uint32_t)(end - now))) {
			keep_words(p, "it took too long to answer");
			return ST_TIMEOUT;
		}
		next = PQconnectPoll(p->conn);
	}
	return ST_OK;
}

static enum status
dial(struct pgsql *p, const struct pgsql_to *to)
{
	char ca[PEM_NAME] = "";
	int fd = to->ca_pem.len > 0 ? pem_file(to->ca_pem, ca) : -1;
	const char *const names[] = {"host",
				     "port",
				     "dbname",
				     "user",
				     "password",
				     "passfile",
				     "application_name",
				     "sslmode",
				     "sslrootcert",
				     "options",
				     "gssencmode",
				     "client_encoding",
				     "tcp_user_timeout",
				     NULL};
	const char *const values[] = {to->host,
				      to->port,
				      to->database,
				      to->user,
				      to->password,
				      "/nonexistent", /* no file of this host */
				      "trawl",
				      fd >= 0               ? "verify-full"
				      : to->sslmode != NULL ? to->sslmode
							    : "prefer",
				      fd >= 0 ? ca : NULL,
				      settings,
				      "disable",
				      "UTF8",
				      "60000",
				      NULL};
	enum status st = ST_NOMEM;

	if (to->ca_pem.len > 0 && fd < 0)
		return ST_IO;
	p->conn = PQconnectStartParams(names, values, 0);
	if (p->conn != NULL)
		st = shake(p);
	if (fd >= 0)
		close(fd);
	return st;
}

enum status
pgsql_open(const struct pgsql_to *to, struct pgsql **out, struct buf *why)
{
	struct pgsql *p = calloc(1, sizeof(*p));
	enum status st;

	if (p == NULL)
		return ST_NOMEM;
	p->patience = to->patience;
	st = dial(p, to);
	if (st == ST_OK) {
		*out = p;
		return ST_OK;
	}
	if (why != NULL)
		(void)!buf_add_str(why, p->trouble);
	pgsql_close(p);
	return st;
}

void
pgsql_close(struct pgsql *p)
{
	if (p == NULL)
		return;
	PQfreemem(p->row);
	PQfinish(p->conn);
	free(p);
}

/* ---- commands ---- */

/* Until an answer is there; ST_TIMEOUT keeps the server from going on. */
static enum status
wait_for_answer(struct pgsql *p)
{
	while (PQisBusy(p->conn)) {
		if (!wait_for(p, POLLIN, p->patience.answer_ms)) {
			keep_words(p, "it took too long to answer");
			return ST_TIMEOUT;
		}
		if (!PQconsumeInput(p->conn)) {
			keep_words(p, PQerrorMessage(p->conn));
			return ST_CLOSED;
		}
	}
	return ST_OK;
}

/* The next result of the command at hand; *r NULL: there is none. */
static enum status
next_result(struct pgsql *p, PGresult **r)
{
	enum status st = wait_for_answer(p);

	*r = st == ST_OK ? PQgetResult(p->conn) : NULL;
	return st;
}

enum status
pgsql_run(struct pgsql *p, const char *sql)
{
	enum status st = ST_OK, got;
	PGresult *r;

	if (p->copying)
		return ST_CLOSED; /* a copy cannot be left but with its end */
	if (!PQsendQuery(p->conn, sql)) {
		keep_words(p, PQerrorMessage(p->conn));
		return ST_CLOSED;
	}
	while ((got = next_result(p, &r)) == ST_OK && r != NULL) {
		if (PQresultStatus(r) != PGRES_COMMAND_OK)
			st = status_of(p, r);
		PQclear(r);
	}
	return got != ST_OK ? got : st;
}

/* ---- copies ---- */

static enum status
add_copy(struct buf *sql, const char *query)
{
	enum status st = buf_add_str(sql, "COPY (");

	if (st == ST_OK)
		st = buf_add_str(sql, query);
	return st == ST_OK ? buf_add_str(sql, ") TO STDOUT (FORMAT binary)")
			   : st;
}

/* `then` may be NULL. */
static enum status
send_copy(struct pgsql *p, const char *query, const char *then)
{
	struct buf sql;
	enum status st;

	if (p->copying)
		return ST_CLOSED;
	buf_init(&sql, (size_t)16 << 20);
	st = add_copy(&sql, query);
	if (st == ST_OK && then != NULL)
		st = buf_add_str(&sql, "; ");
	if (st == ST_OK && then != NULL)
		st = add_copy(&sql, then);
	if (st == ST_OK)
		st = buf_add_byte(&sql, 0);
	if (st == ST_OK && !PQsendQuery(p->conn, (const char *)sql.data)) {
		keep_words(p, PQerrorMessage(p->conn));
		st = ST_CLOSED;
	}
	buf_fini(&sql);
	return st;
}

static void
begin_copy(struct pgsql *p)
{
	p->copying = p->head = true;
	p->counted = 0;
}

enum status
pgsql_copy_both(struct pgsql *p, const char *query, const char *then)
{
	enum status st = send_copy(p, query, then);
	PGresult *r;

	if (st != ST_OK)
		return st;
	st = next_result(p, &r);
	if (st != ST_OK)
		return st;
	if (PQresultStatus(r) == PGRES_COPY_OUT) {
		PQclear(r);
		begin_copy(p);
		return ST_OK;
	}
	st = status_of(p, r);
	while (r != NULL) { /* to the end of the command */
		PQclear(r);
		if (next_result(p, &r) != ST_OK)
			break;
	}
	return st;
}

enum status
pgsql_copy(struct pgsql *p, const char *query)
{
	return pgsql_copy_both(p, query, NULL);
}

/*
 * The end of the copy: how many rows the server says there were. Another one
 * may begin behind it.
 */
static enum status
finish_copy(struct pgsql *p)
{
	enum status st, end = ST_EOF;
	PGresult *r;

	p->copying = false;
	while ((st = next_result(p, &r)) == ST_OK && r != NULL) {
		ExecStatusType is = PQresultStatus(r);

		if (is == PGRES_COPY_OUT)
			begin_copy(p);
		else if (is != PGRES_COMMAND_OK)
			end = status_of(p, r);
		else if (str_to_u64(span_str(PQcmdTuples(r)), 0, UINT64_MAX,
				    &p->counted) != ST_OK)
			end = ST_MALFORMED;
		PQclear(r);
		if (p->copying)
			return end;
	}
	return st != ST_OK ? st : end;
}

static enum status
next_data(struct pgsql *p, struct span *data)
{
	PQfreemem(p->row);
	p->row = NULL;
	for (;;) {
		int n = PQgetCopyData(p->conn, &p->row, 1);

		if (n > 0) {
			*data = span_of(p->row, (size_t)n);
			return ST_OK;
		}
		if (n < 0)
			return finish_copy(p);
		if (!wait_for(p, POLLIN, p->patience.idle_ms)) {
			keep_words(p, "it stopped in the middle of a table");
			return ST_TIMEOUT;
		}
		if (!PQconsumeInput(p->conn)) {
			keep_words(p, PQerrorMessage(p->conn));
			return ST_CLOSED;
		}
	}
}

/* Numbers on the wire are big endian. */
static bool
take(struct span *s, size_t bytes, uint32_t *n)
{
	*n = 0;
	if (s->len < bytes)
		return false;
	for (size_t i = 0; i < bytes; i++)
		*n = *n << 8 | s->ptr[i];
	*s = span_skip(*s, bytes);
	return true;
}

static enum status
split(struct span row, struct span *cell, size_t room, size_t *cells)
{
	uint32_t count, len;

	if (!take(&row, 2, &count))
		return ST_MALFORMED;
	if (count == 0xffff)
		return ST_EOF; /* the trailer; the command's end follows */
	if (count > room)
		return ST_LIMIT;
	for (uint32_t i = 0; i < count; i++) {
		cell[i] = span_of(NULL, 0);
		if (!take(&row, 4, &len))
			return ST_MALFORMED;
		if (len == UINT32_MAX)
			continue;
		if (len > row.len)
			return ST_MALFORMED;
		cell[i] = span_of(len == 0 ? (const void *)"" : row.ptr, len);
		row = span_skip(row, len);
	}
	*cells = count;
	return ST_OK;
}

enum status
pgsql_copy_next(struct pgsql *p, struct span *cell, size_t room, size_t *cells)
{
	struct span data = span_of(NULL, 0);
	enum status st;

	if (!p->copying)
		return ST_EOF;
	st = next_data(p, &data);
	if (st != ST_OK)
		return st;
	if (p->head) {
		p->head = false;
		if (data.len < COPY_HEAD)
			return ST_MALFORMED;
		data = span_skip(data, COPY_HEAD);
		if (data.len == 0)
			return pgsql_copy_next(p, cell, room, cells);
	}
	st = split(data, cell, room, cells);
	if (st != ST_EOF)
		return st;
	st = next_data(p, &data);
	return st == ST_OK ? ST_MALFORMED : st;
}

uint64_t
pgsql_counted(const struct pgsql *p)
{
	return p->counted;
}
