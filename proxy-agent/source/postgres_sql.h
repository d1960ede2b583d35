#ifndef PROXY_AGENT_SOURCE_POSTGRES_SQL_H
#define PROXY_AGENT_SOURCE_POSTGRES_SQL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * postgres_sql: what is asked of a PostgreSQL server, as text. Its catalogue:
 * pg_class, pg_attribute and others of the manual's chapter "System Catalogs".
 */
struct pg_column {
	char *name;
	uint8_t flags; /* enum rows_flag */
	bool may_be_large;
};

struct pg_table {
	const char *schema, *name; /* the caller's */
	struct pg_column *columns;
	uint32_t count;
};

#define PG_PIECE ((uint64_t)1 << 20) /* characters or bytes of a large cell */

/* $1 schema, $2 table, "" for all: schema and name in bytewise order. */
extern const char PG_TABLES[];
/* $1 schema, $2 table: name, is bytes, is key, has a variable length. */
extern const char PG_COLUMNS[];
/* One table, one state of it, nothing written. */
extern const char PG_BEGIN[];

/* A row of PG_COLUMNS. */
NODISCARD enum status pg_table_column(struct pg_table *t,
				      const struct span *cell);
void pg_table_fini(struct pg_table *t);

/*
 * COPY of all columns as text or bytes, and behind them one that says where the
 * row is when some of its cells are large (and then NULL). Ends with a NUL.
 */
NODISCARD enum status pg_copy_sql(struct buf *to, const struct pg_table *t);

/* $1: where the row is; a piece of one large cell, none when it is not. */
NODISCARD enum status pg_piece_sql(struct buf *to, const struct pg_table *t,
				   uint32_t column, uint64_t from);

#endif
