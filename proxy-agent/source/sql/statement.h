#ifndef PROXY_AGENT_SOURCE_SQL_STATEMENT_H
#define PROXY_AGENT_SOURCE_SQL_STATEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/source/sql/table.h"

/*
 * sql_statement: the statements that read a table. Each replaces what `to`
 * holds and ends with a NUL.
 */

/* The whole table, or `rows` of it when that is not 0. */
NODISCARD enum status
sql_statement_all(struct buf *to, const struct sql_table *t, uint64_t rows);
/* A page of a paged table behind that row; from its start when it is unset.
 * 0 rows: all the rest, where the dialect has it. */
NODISCARD enum status sql_statement_page(struct buf *to,
					 const struct sql_table *t,
					 const struct sql_key *behind,
					 uint64_t rows);
NODISCARD enum status sql_statement_count(struct buf *to,
					  const struct sql_table *t);

/* A condition that holds for that row alone; not for SQL_BY_NUMBER. */
NODISCARD enum status sql_statement_where(struct buf *to,
					  const struct sql_table *t,
					  const struct span *cell);
/*
 * A piece of a large cell, none or NULL when the cell is not large: of the row
 * of that condition, or, for SQL_BY_NUMBER, of the nth row with large cells.
 */
NODISCARD enum status sql_statement_piece(struct buf *to,
					  const struct sql_table *t,
					  uint32_t column, const char *where,
					  uint64_t nth, uint64_t from);

/* Whether that cell comes in one statement, and it: from that byte on. */
bool sql_statement_flows(const struct sql_table *t, uint32_t column);
NODISCARD enum status sql_statement_pieces(struct buf *to,
					   const struct sql_table *t,
					   uint32_t column, const char *where,
					   uint64_t nth, uint64_t from);

/* A statement of the catalogue: {schema} and {name} as literals. */
NODISCARD enum status sql_statement_catalogue(struct buf *to,
					      const struct sql_dialect *d,
					      const char *statement,
					      const char *schema,
					      const char *name);

#endif
