#ifndef PROXY_AGENT_SOURCE_SQL_CLAUSE_H
#define PROXY_AGENT_SOURCE_SQL_CLAUSE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/source/sql/table.h"

/*
 * sql_clause: what statements about a table are made of, by the patterns of its
 * dialect. Each adds to what `to` holds.
 */
#define SQL_NAME_CAP 4096

struct span sql_clause_number(char room[24], uint64_t n);
NODISCARD enum status sql_clause_table(struct buf *to,
				       const struct sql_table *t);
/* A pattern of a column: {c}, {from}, {count}. */
NODISCARD enum status sql_clause_column(struct buf *to,
					const struct sql_table *t,
					uint32_t column, const char *pattern,
					uint64_t from);
/* What a row is read as: its columns, what names it, what marks it. */
NODISCARD enum status sql_clause_cells(struct buf *to,
				       const struct sql_table *t);
/* Whether any cell of a row is large. */
NODISCARD enum status sql_clause_any_large(struct buf *to,
					   const struct sql_table *t);
/* "k > value", of the i-th part of the key. */
NODISCARD enum status sql_clause_compare(struct buf *to,
					 const struct sql_table *t, unsigned i,
					 const char *how, struct span value);
/*
 * What comes behind a row: a >= x AND (a > x OR (a = x AND b > y)). Rows are
 * compared as such only where the dialect says so: some servers cannot, others
 * do it without their index. Each comparison is the server's own, by the
 * collation of its key.
 */
NODISCARD enum status sql_clause_behind(struct buf *to,
					const struct sql_table *t,
					const struct sql_key *k);
NODISCARD enum status sql_clause_order(struct buf *to,
				       const struct sql_table *t);

#endif
