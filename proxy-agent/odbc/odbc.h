#ifndef PROXY_AGENT_ODBC_ODBC_H
#define PROXY_AGENT_ODBC_ODBC_H

#include "proxy-agent/odbc/product.h"
#include "proxy-agent/source/sql/sql.h"

/*
 * odbc: a session by unixODBC and the driver of a database's vendor.
 *
 * A driver is foreign code: it has this process for itself, every call into it
 * has a time limit of ours (watch.h), and rows come forward only, cell by cell,
 * large ones in pieces, so that none of them is kept. Text comes as UTF-16 and
 * becomes UTF-8.
 *
 * Options: driver=NAME      as odbcinst.ini has it, or the path of its library
 *          server=NAME      what a vendor calls a server beside its host
 *          connect=STRING   in place of our connection string, with the same
 *                           {names} in it
 * Errors:  those of sql.h; a cell that a driver gives only the beginning of is
 *          ST_UNSUPPORTED.
 */
#define ODBC_ROW ((size_t)64 << 20) /* of a row, without what is to come */

NODISCARD enum status odbc_open(const struct product *p,
				const struct sql_to *to,
				struct sql_session **out, struct buf *why);
void odbc_close(struct sql_session *s); /* takes NULL */
const struct sql_dialect *odbc_dialect(const struct sql_session *s);
NODISCARD enum status odbc_run(struct sql_session *s, const char *sql);
NODISCARD enum status odbc_query(struct sql_session *s, const char *sql);
NODISCARD enum status odbc_fetch(struct sql_session *s, struct span *cell,
				 size_t cells);
NODISCARD enum status odbc_piece(struct sql_session *s, size_t i,
				 struct span *piece);
const char *odbc_trouble(const struct sql_session *s);
NODISCARD enum status odbc_tables(struct sql_session *s, const char *schema,
				  const char *name);
NODISCARD enum status odbc_columns(struct sql_session *s, const char *schema,
				   const char *name);

#endif
