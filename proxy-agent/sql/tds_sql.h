#ifndef PROXY_AGENT_SQL_TDS_SQL_H
#define PROXY_AGENT_SQL_TDS_SQL_H

#include "proxy-agent/source/sql/sql.h"

/*
 * tds_sql: what is asked of SQL Server (INFORMATION_SCHEMA) and of SAP ASE (its
 * system tables), as text.
 */
#define TDS_CELL_MAX 33554432 /* bytes; a server cuts longer cells off */

extern const struct sql_dialect mssql_dialect, sybase_dialect;

#endif
