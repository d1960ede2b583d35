#ifndef PROXY_AGENT_SQL_TDS_H
#define PROXY_AGENT_SQL_TDS_H

#include "source/source.h"

/*
 * tds: mssql://USER@HOST[:1433]/[DATABASE[/SCHEMA[/TABLE]]] of SQL Server and
 * Azure SQL (TDS 7.4), sybase://... (5000) of SAP ASE (TDS 5.0), by FreeTDS.
 *
 * Where a database allows snapshots, a table is read within one; else pages are
 * of what is committed when they are read. A result is over only when the
 * server said how many rows it had: a stream that is cut looks like its end.
 */
extern const struct source_ops mssql_source, sybase_source;

#endif
