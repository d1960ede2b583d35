#ifndef PROXY_AGENT_SOURCE_SQL_TABLE_H
#define PROXY_AGENT_SOURCE_SQL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/holds.h"
#include "proxy-agent/source/sql/sql.h"

/*
 * sql_table: one table: its columns and its key.
 *
 * A row comes with cells of its own behind those of the columns: what names it
 * (row_id) when the table is read so, and, when any cell of the table may be
 * large, a 1 in rows where one is; that cell is then NULL. Columns whose cells
 * the session gives in pieces stand behind the others.
 *
 * Owner: sql_table_fini(); the names are the caller's.
 */
#define SQL_KEYS 64 /* columns of a key; longer ones are not used */

struct sql_column {
	char *name;
	const struct sql_kind *kind;
	uint32_t nth;   /* among those of the catalogue that are wanted */
	unsigned place; /* in the primary key, from 1; 0: none */
	enum holds holds;
	bool large; /* its cells may be, and are then read by statements */
	bool late;  /* they may be, and the session gives them in pieces */
};

struct sql_table {
	const struct sql_dialect *dialect;
	const char *database, *schema, *name;
	struct sql_column *columns;
	uint32_t count;
	uint32_t key[SQL_KEYS]; /* columns, in the order of the key */
	unsigned keys;          /* 0: no key that rows can be compared by */
	bool scattered;         /* the catalogue says so: not by its key */
	bool partly;            /* there are columns that nobody wants ... */
	bool keyless;           /* ... one of them of its key */
	bool paged;             /* by pages along the key */
	bool any_large;
	enum { SQL_BY_NUMBER, SQL_BY_KEY, SQL_BY_ID } row;
};

/* A row of the catalogue's columns: four cells. */
NODISCARD enum status sql_table_column(struct sql_table *t,
				       const struct span *cell);
/* The same of one that nobody wants: no statement asks for it. */
NODISCARD enum status sql_table_leave(struct sql_table *t,
				      const struct span *cell);
/* Behind the last column; `ids`: rows have what the dialect calls row_id. */
NODISCARD enum status sql_table_ready(struct sql_table *t, bool ids);
void sql_table_fini(struct sql_table *t);
/* Whether rows of both are of the same columns and keys: then the new one,
 * which is not ready yet, takes over which cells may be large. */
bool sql_table_follow(struct sql_table *now, const struct sql_table *was);

/* Characters or bytes of a piece of a large cell. */
uint32_t sql_table_step(const struct sql_table *t);

/* Cells of a row as its statements (statement.h) give it. */
size_t sql_table_cells(const struct sql_table *t);
/* Whether the first of its own is what names the row. */
bool sql_table_has_id(const struct sql_table *t);
/* Whether cells of that row are large. */
bool sql_table_marked(const struct sql_table *t, const struct span *cell);

/* The value of a key, of a row that was read. */
struct sql_key {
	struct buf bytes;
	size_t end[SQL_KEYS]; /* of each part, in bytes */
	bool set;
};

void sql_key_init(struct sql_key *k);
void sql_key_fini(struct sql_key *k);
/* ST_MALFORMED: a part of it is NULL. */
NODISCARD enum status sql_key_take(struct sql_key *k, const struct sql_table *t,
				   const struct span *cell);
struct span sql_key_part(const struct sql_key *k, unsigned i);

#endif
