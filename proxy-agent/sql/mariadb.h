#ifndef PROXY_AGENT_SQL_MARIADB_H
#define PROXY_AGENT_SQL_MARIADB_H

#include "proxy-agent/source/sql/sql.h"
#include "source/source.h"

/*
 * mariadb: mysql://USER@HOST[:3306]/[DATABASE[/TABLE]], or mariadb://..., of
 * MariaDB and MySQL.
 *
 * All pages of a table are of one consistent snapshot where its engine keeps
 * one (InnoDB). Rows are not gathered in memory. The server gets nothing but
 * statements: what it asks for of this host's files (LOAD DATA LOCAL) is
 * refused, and a password is never sent as it is but within TLS.
 */
extern const struct source_ops mysql_source, mariadb_source;

/* Its catalogue: INFORMATION_SCHEMA of the manual. */
extern const struct sql_dialect mariadb_dialect;

#endif
