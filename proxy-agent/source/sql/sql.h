#ifndef PROXY_AGENT_SOURCE_SQL_SQL_H
#define PROXY_AGENT_SOURCE_SQL_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/patience.h"
#include "source/pairs.h"

/*
 * sql: what a kind of SQL database brings so that source.h reads its
 * tables: a session, which runs statements and gives rows, and a dialect, which
 * is nothing but text.
 */

/* ---- the dialect ---- */

/*
 * A kind of column, by a letter:
 *   n  a number whose text is exact: integers, decimals
 *   t  text
 *   a  text whose literal needs another form than that of `t`
 *   d  dates, times and whatever else is exact as text between quotes
 *   b  bytes
 *   o  anything else: read as text, never compared
 * {c} in the patterns is the column's name, quoted. A second letter of a column
 * says what its type holds, so that nothing else is looked for there:
 *   f  a number with decimals, or of floating point
 *   d  a date, a time
 *   l  a truth
 *   u  a UUID
 *   c  numbers that the server counts up
 */
struct sql_kind {
	char letter;
	const char *cell;    /* its value as text, or bytes; NULL: "{c}" */
	const char *literal; /* of a value: {text} as it is, {quoted} with '
				doubled, {hex}; NULL: it is never compared */
	const char *large;   /* whether a cell is above ROWS_CELL bytes of
				UTF-8; NULL: none of this kind is */
	const char *piece;   /* {count} characters or bytes of it from the
				{from}th, from 1; the first is called 1 */
	const char *bytes;   /* all of it, as bytes that may be cut anywhere,
				where the dialect has `pieces`; or NULL */
	bool raw;            /* an integer that comes as its 2, 4 or 8 bytes,
				the highest first, and is spelled by us */
};

/*
 * Patterns, in which names between braces are filled in: {database} {schema}
 * {name} are text literals in `tables` and `columns` ('' means all of them),
 * and quoted names elsewhere; {table} is what `table` makes of them.
 */
#define SQL_PIECE 4194304

struct sql_dialect {
	char open, close;    /* around names; the last is doubled inside */
	const char *text;    /* a literal of text for the catalogue:
				"'{quoted}'" */
	const char *server;  /* a statement that gives the databases of the
				server, by name; NULL: they cannot be listed */
	const char *tables;  /* rows: schema, name, kind: t table, v view, f a
				table whose rows have no {id}, s a table that
				is not read along its key: too large for the
				disorder of its rows; in any order */
	const char *columns; /* rows in the table's order: name, letters of
				a kind, place in the primary key from 1 (else 0
				or NULL), 1 when its cells may be large */
	const char *begin;   /* before a table is read: one state of it that
				cannot be written, or NULL */
	const char *end;     /* behind it, or NULL */
	const char *undo;    /* when it is given up, or NULL */
	const char *share;   /* a query whose cell names the state of the table
				at hand; NULL: no other session can have it */
	const char *join;    /* takes what {quoted} names, behind `begin` */
	const char *table;   /* "{schema}.{name}" */
	const char *count;   /* how many rows: "SELECT COUNT(*) FROM {table}";
				NULL: counted() of the session knows */
	const char *all;     /* "SELECT {cells} FROM {table}" */
	const char *page;    /* {n} rows: "SELECT {cells} FROM
				{table}{where}{order} LIMIT {n}"; NULL: none */
	const char *size;    /* bytes of a table, by {schema} and {name} as in
				`columns`; where there is `rest` */
	const char *rest;    /* all rows behind, "SELECT {cells} FROM
				{table}{where}{order}", for sessions that have
				query_both(); NULL: pages to the end */
	const char *order;   /* a column of the key in {order}, where {c} alone
				would mean the cell; NULL: "{c}" */
	bool tuples;         /* "(a, b) > (1, 2)" goes along the index */
	const char *one;     /* "SELECT {cells} FROM {table}{where}" */
	const char *nth;     /* the row with {n} of its like before it, where
				rows have neither key nor {id}; NULL: none */
	const char *pieces;  /* the cell in {cells} of the row with {n} of its
				like before it, as rows of {count} bytes from
				the {from}th on: for servers whose substring
				begins at the cell's first byte each time, or
				unpacks all of it; NULL: piece by piece */
	const char *row_id;  /* what names a row while nothing changes:
				"ctid"; NULL: none */
	const char *row_is;  /* "ctid = '{quoted}'" */
	uint32_t piece;      /* characters or bytes of a piece of a large cell;
				  0: SQL_PIECE. A server that loads the whole
				  cell for each is asked for large ones */
	bool streams;        /* cells that may be large and cannot be had by
				`large` come last in their row, as piece() of
				the session gives them */
	bool keyset;         /* tables are read by pages along their key, and
				go on behind it when a connection is lost */
	const struct sql_kind *kinds; /* ends with a letter of 0 */
};

/* ---- the session ---- */

/* After what time the server gives up what we asked, where it can. */
struct sql_limits {
	uint64_t statement_ms;
	uint64_t lock_ms; /* that others hold */
};

struct sql_to {
	const char *host, *user;
	const char *database; /* "": none is named */
	const char *password; /* or NULL; not to be kept */
	uint16_t port;
	bool here;          /* the host is this one */
	bool clear;         /* a person allowed to do without TLS */
	struct span ca_pem; /* then the server must be verified; or empty */
	struct patience patience;
	struct sql_limits limits;
	struct pairs options; /* of the target */
};

struct sql_session; /* each implementation defines its own */

#define SQL_TO_COME SIZE_MAX

static inline bool
sql_is_to_come(struct span cell)
{
	return cell.len == SQL_TO_COME;
}

/*
 * Errors:  ST_DENIED sign-in or rights, ST_NOTFOUND no such table or database,
 *          ST_TIMEOUT, ST_CLOSED the connection is gone, ST_AGAIN a limit of
 *          struct sql_limits, ST_IO what else the server says; trouble() then
 *          has words. What met a limit is not asked again.
 * Threads: one at a time.
 */
struct sql_ops {
	uint16_t port;  /* where the target names none */
	bool databases; /* /DATABASE/SCHEMA/TABLE; else /SCHEMA/TABLE */
	bool flat;      /* of databases: no schemas, /DATABASE/TABLE */

	/* Signed in, unable to write as far as the server can refuse it, with
	 * text in UTF-8 and times in UTC. Says why not. */
	NODISCARD enum status (*open)(const struct sql_to *to,
				      struct sql_session **out,
				      struct buf *why);
	void (*close)(struct sql_session *s); /* takes NULL */
	const struct sql_dialect *(*dialect)(const struct sql_session *s);

	/* A statement without rows, or with rows that fetch() gives. One whose
	 * rows are not all fetched is given up, if need be with ST_CLOSED. */
	NODISCARD enum status (*run)(struct sql_session *s, const char *sql);
	NODISCARD enum status (*query)(struct sql_session *s, const char *sql);

	/*
	 * Two queries in one message, so that the server is at the second
	 * while we still take rows of the first: what fetch() gives behind
	 * their ST_EOF is of the second. NULL: the session cannot do so.
	 */
	NODISCARD enum status (*query_both)(struct sql_session *s,
					    const char *sql, const char *then);

	/*
	 * A query that is not waited for: fetch() waits for what it gives, and
	 * says why it gives nothing. NULL: the session cannot do so.
	 */
	NODISCARD enum status (*send)(struct sql_session *s, const char *sql);

	/*
	 * One row of exactly `cells`; a ptr of NULL is NULL. Good until the
	 * next call. ST_EOF, then and from then on, only when the server
	 * said that it sent all.
	 */
	NODISCARD enum status (*fetch)(struct sql_session *s, struct span *cell,
				       size_t cells);

	/*
	 * Of a row that fetch() gave, a cell of SQL_TO_COME bytes, and it is
	 * good for nothing: what it has, piece by piece; an empty one is its
	 * end, of NULL, too. Cells come in their order; fetch() passes over
	 * what was not taken. Pieces may be cut anywhere, UTF-8 too. An error
	 * is the end of the cell, and of no more than that, unless fetch() has
	 * one too. NULL: fetch() gives all cells whole.
	 */
	NODISCARD enum status (*piece)(struct sql_session *s, size_t i,
				       struct span *piece);

	const char *(*trouble)(const struct sql_session *s);

	/* How many rows the server says that it sent, behind ST_EOF; may be
	 * NULL when the dialect has `count`. */
	uint64_t (*counted)(const struct sql_session *s);

	/* In place of the dialect's statements, where a driver has functions:
	 * begun like query(), rows as there. "" stands for all. May be NULL. */
	NODISCARD enum status (*tables)(struct sql_session *s,
					const char *schema, const char *name);
	NODISCARD enum status (*columns)(struct sql_session *s,
					 const char *schema, const char *name);
};

#endif
