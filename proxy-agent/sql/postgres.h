#ifndef PROXY_AGENT_SQL_POSTGRES_H
#define PROXY_AGENT_SQL_POSTGRES_H

#include "proxy-agent/source/sql/sql.h"
#include "source/source.h"

/*
 * postgres: pgsql://USER@HOST[:5432]/[DATABASE[/SCHEMA[/TABLE]]].
 *
 * A table is read whole by one COPY within one read-only snapshot, so that what
 * others change meanwhile neither doubles a row nor hides one. Large cells come
 * behind it, of the same snapshot. Partitions are tables of their own; so are
 * materialised views and foreign tables.
 */
extern const struct source_ops postgres_source;

/* Its catalogue: pg_class, pg_attribute and others of the manual's chapter
 * "System Catalogs". */
extern const struct sql_dialect postgres_dialect;

#endif
