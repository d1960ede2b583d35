/*
 * A session of SQL Server or ASE as the files of it share it: `tds_connect`
 * signs in and hears what server and library say, `tds_result` sends a
 * statement and takes its rows, `tds` has the kinds. One thread. What sees
 * ct-lib of FreeTDS includes this.
 */
#ifndef PROXY_AGENT_SQL_TDS_IMPL_H
#define PROXY_AGENT_SQL_TDS_IMPL_H

#include <ctpublic.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/source/sql/sql.h"

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
	struct {
		CS_INT column; /* of those without a place: the one at hand */
		size_t got;    /* of its bytes */
		bool more;     /* there are others */
		bool begun;    /* some came with the row */
	} part;
	enum status st; /* what its messages mean */
	char trouble[240];
};

/* `version` of the protocol: "7.4". */
enum status tds_sign_in(struct sql_session *s, const struct sql_to *to,
			const char *version);
/* The first error is the cause, what comes behind it a consequence. */
void tds_note(struct sql_session *s, enum status st, const char *words);
/* It can be used no more. */
bool tds_is_dead(const struct sql_session *s);
void tds_disconnect(struct sql_session *s);

/* As struct sql_ops has them. */
enum status tds_run(struct sql_session *s, const char *sql);
enum status tds_query(struct sql_session *s, const char *sql);
enum status tds_fetch(struct sql_session *s, struct span *cell, size_t cells);
enum status tds_piece(struct sql_session *s, size_t i, struct span *piece);
void tds_drop_cells(struct sql_session *s);

#endif
