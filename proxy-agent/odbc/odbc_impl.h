#ifndef PROXY_AGENT_ODBC_ODBC_IMPL_H
#define PROXY_AGENT_ODBC_ODBC_IMPL_H

#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

#include "proxy-agent/odbc/odbc.h"
#include "proxy-agent/session/watch.h"

/*
 * Internal to the session: odbc.c connects and runs statements, odbc_cell.c
 * fetches, odbc_catalog.c asks for tables and columns, odbc_words.c has what
 * went wrong.
 */
#define ODBC_CELLS 4096
#define ODBC_PIECE ((size_t)256 << 10) /* bytes of a piece, about */

/* The cell that is being read. */
struct odbc_part {
	SQLUSMALLINT column;
	bool more, null;   /* it goes on; there is none */
	struct span begun; /* of it, with its row; in the bytes of that */
	enum status late;  /* what became of it then */
	size_t said, got;  /* bytes, as the driver has them */
	unsigned calls;
};

struct sql_session {
	SQLHENV env;
	SQLHDBC dbc;
	SQLHSTMT stmt;
	struct watch *watch;
	const struct product *product;
	char *database; /* the catalogue that the session is in */
	uint32_t answer_ms, idle_ms;
	bool open;        /* a statement with rows to come */
	enum status lost; /* the connection was, in a cell */
	/* rows that were made here, of a driver's catalogue */
	struct buf made;
	size_t made_at;
	bool is_made;
	/* the row at hand */
	struct buf row, wide;
	size_t ends[ODBC_CELLS];
	bool null[ODBC_CELLS];
	SQLSMALLINT types[ODBC_CELLS]; /* SQL types of the columns */
	SQLSMALLINT columns;
	SQLUSMALLINT came;     /* cells that came with their row */
	struct odbc_part part; /* of the next, or a later one */
	char trouble[240];
};

/* odbc_words.c: what a call said, as a status and as words. */
NODISCARD enum status odbc_status(struct sql_session *s, SQLRETURN r,
				  SQLSMALLINT kind, SQLHANDLE handle);
void odbc_say(struct sql_session *s, const char *words);

/* A call into the driver within ms; late ones are ST_TIMEOUT. */
#define ODBC_CALL(s, ms, r, call)                                              \
	(watch_begin((s)->watch, (ms)), (r) = (call), watch_end((s)->watch))

/* odbc.c */
void odbc_give_up(struct sql_session *s); /* the statement at hand */
NODISCARD enum status odbc_describe(struct sql_session *s);

/* odbc_cell.c: of cell i (from 0) of the row at hand about `most` bytes, behind
 * what `to` holds; s->part says whether it goes on. */
NODISCARD enum status odbc_cell(struct sql_session *s, SQLUSMALLINT i,
				size_t most, struct buf *to, bool *null);

#endif
