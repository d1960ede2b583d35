#ifndef PROXY_AGENT_SOURCE_SQL_SOURCE_H
#define PROXY_AGENT_SOURCE_SQL_SOURCE_H

#include "proxy-agent/source/sql/sql.h"
#include "source/source.h"

/*
 * sql_source: the tables of an SQL database, each an object in the form of
 * model/rows.h, whatever the database is. A kind has its own open(), which
 * calls sql_open() with its session; the rest are those below.
 *
 * A table is read within one state of it where the server keeps one: by pages
 * along its whole primary key, or by one statement when it has none. Rows read
 * are compared with those that the server counts. Cells above ROWS_CELL come
 * in pieces, after the rows around them. A lost connection is made anew, in
 * up to five tries within 15 s, and pages go on behind the last row.
 * Before a server that begins to answer late, it rests as long as that took.
 *
 * Credential: user (or in the target), password, ca (PEM).
 * Options:    include, exclude   as in choice.h: databases, tables, columns
 *             views=yes          views are read, too
 *             sample=N           N rows of each table alone; the ledger says so
 *             rate=N             no more than N rows a second
 *             statement_timeout  after which the server gives up a statement,
 *                                as "30m"; 4 hours. A table may be one
 *             lock_timeout       the same of a lock that others hold; 10 s
 *             tls=no             a password may cross a network in clear
 * TLS:        always, but on this host; with a ca the server is verified, too.
 * Cursor:     the table.
 */
NODISCARD enum status sql_open(const struct source_target *t,
			       const struct sql_ops *ops, struct source **out);
NODISCARD enum status sql_next(struct source *s, struct source_item *item);
NODISCARD enum status sql_read(struct source *s, void *dst, size_t n,
			       size_t *got);
NODISCARD enum status sql_cursor(const struct source *s, struct buf *to);
void sql_close(struct source *s);

#endif
