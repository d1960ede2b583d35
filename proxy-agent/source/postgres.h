#ifndef PROXY_AGENT_SOURCE_POSTGRES_H
#define PROXY_AGENT_SOURCE_POSTGRES_H

#include "source/source.h"

/*
 * postgres: the tables of a database, each an object in the form of
 * model/rows.h: pgsql://USER@HOST[:5432]/DATABASE[/SCHEMA[/TABLE]].
 *
 * A table is read whole by one COPY within one read-only snapshot, so that what
 * others change meanwhile neither doubles a row nor hides one; rows read are
 * compared with those that the server counted. Cells above ROWS_CELL come
 * afterwards, in pieces, of the same snapshot. Partitions are tables of their
 * own, views are not read: what they show stands in tables.
 *
 * Credential: user (or in the target), password, ca (PEM).
 * TLS:        always, but on this host; with a ca the server is verified, too.
 * Cursor:     the table.
 */
extern const struct source_ops postgres_source;

#endif
