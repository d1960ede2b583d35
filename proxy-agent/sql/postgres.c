#include "proxy-agent/sql/postgres.h"

#include <stdio.h>
#include <stdlib.h>

#include "proxy-agent/source/sql/source.h"
#include "proxy-agent/sql/pgsql.h"

#define HOME "postgres" /* the database that every server has */

/* What is stored in less than 2,000 bytes is not large, and asking for its
 * length would cost more than the cell. */
#define LARGE(value)                                                           \
	"(pg_column_size({c}) > 2000 AND octet_length(" value ") > 1048576)"

/*
 * Along its key a table is read by its index, each row where it happens to lie.
 * Above 1 GiB, when rows do not lie about as their key goes, that would be a
 * seek for each.
 */
#define SCATTERED                                                              \
	"c.relkind = 'r' AND c.relpages > 131072 AND coalesce((SELECT "        \
	"abs(s.correlation) FROM pg_constraint p JOIN pg_attribute a ON "      \
	"a.attrelid = p.conrelid AND a.attnum = p.conkey[1] JOIN pg_stats s "  \
	"ON s.schemaname = n.nspname AND s.tablename = c.relname AND "         \
	"s.attname = a.attname AND NOT s.inherited WHERE p.conrelid = c.oid "  \
	"AND p.contype = 'p'), 0) < 0.9"

static const struct sql_kind kinds[] = {
    {
	.letter = 'n',
	.literal = "{text}",
	.raw = true,
    },
    {
	.letter = 't',
	.cell = "{c}::text",
	.literal = "'{quoted}'",
	.large = LARGE("{c}::text"),
	.piece = "substring({c}::text FROM {from} FOR {count})",
	.bytes = "convert_to({c}::text, 'UTF8')",
    },
    {
	.letter = 'b',
	.literal = "'\\x{hex}'",
	.large = LARGE("{c}"),
	.piece = "substring({c} FROM {from} FOR {count})",
	.bytes = "{c}",
    },
    {
	/* rows within rows, for which no literal stands */
	.letter = 'o',
	.cell = "{c}::text",
	.large = LARGE("{c}::text"),
	.piece = "substring({c}::text FROM {from} FOR {count})",
	.bytes = "convert_to({c}::text, 'UTF8')",
    },
    {0},
};

/*
 * No cell of the table is large where nothing lies beside its rows: what stands
 * in a page of 8 KiB, compressed, is no more than 2 MiB. Whoever inserts it
 * makes the file grow before he commits, so whatever our state has was there
 * when that was asked. The exceptions stand in the catalogue: values that are
 * made up when they are read.
 */
#define SLIM                                                                   \
	"c.relkind = 'r' AND coalesce(row_to_json(a)->>'atthasmissing', "      \
	"'false') = 'false' AND coalesce(row_to_json(a)->>'attgenerated', "    \
	"'') <> 'v' AND a.atttypid IN ('text'::regtype, 'varchar'::regtype, "  \
	"'bpchar'::regtype, 'bytea'::regtype, 'json'::regtype, "               \
	"'xml'::regtype) AND (c.reltoastrelid = 0 OR "                         \
	"coalesce(pg_relation_size(c.reltoastrelid), 1) = 0)"

/*
 * What a column holds by its type: sql.h. The modifier of a numeric has its
 * scale in its lowest bits, 4 more than they say. What counts up is an identity
 * or has a sequence of its own; who counts by hand gets no such letter.
 */
#define HOLDS                                                                  \
	"CASE WHEN a.atttypid IN ('float4'::regtype, 'float8'::regtype, "      \
	"'money'::regtype) OR a.atttypid = 'numeric'::regtype AND "            \
	"a.atttypmod >= 0 AND ((a.atttypmod - 4) & 1023) > 0 THEN 'f' "        \
	"WHEN y.typcategory IN ('D', 'T') THEN 'd' "                           \
	"WHEN a.atttypid = 'bool'::regtype THEN 'l' "                          \
	"WHEN a.atttypid = 'uuid'::regtype THEN 'u' "                          \
	"WHEN coalesce(row_to_json(a)->>'attidentity', '') <> '' OR EXISTS "   \
	"(SELECT 1 FROM pg_depend q JOIN pg_class z ON z.oid = q.objid AND "   \
	"z.relkind = 'S' WHERE q.classid = 'pg_class'::regclass AND "          \
	"q.refobjid = a.attrelid AND q.refobjsubid = a.attnum AND "            \
	"q.deptype = 'a') THEN 'c' ELSE '' END"

const struct sql_dialect postgres_dialect = {
    .open = '"',
    .close = '"',
    .text = "'{quoted}'",
    .server = "SELECT datname::text FROM pg_database "
	      "WHERE datallowconn AND NOT datistemplate",
    .tables = "SELECT n.nspname::text, c.relname::text, CASE c.relkind "
	      "WHEN 'v' THEN 'v' WHEN 'f' THEN 'f' ELSE "
	      "CASE WHEN " SCATTERED " THEN 's' ELSE 't' END END "
	      "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
	      "WHERE c.relkind IN ('r', 'm', 'f', 'v') "
	      "AND n.nspname NOT IN ('pg_catalog', 'information_schema') "
	      "AND n.nspname NOT LIKE 'pg\\_toast%' "
	      "AND n.nspname NOT LIKE 'pg\\_temp%' "
	      "AND ({schema} = '' OR n.nspname = {schema}) "
	      "AND ({name} = '' OR c.relname = {name})",
    .columns =
	"SELECT a.attname::text, CASE WHEN a.atttypid = 'bytea'::regtype "
	"THEN 'b' WHEN a.atttypid IN ('int2'::regtype, 'int4'::regtype, "
	"'int8'::regtype) THEN 'n' WHEN y.typcategory = 'C' THEN 'o' "
	"ELSE 't' END || " HOLDS ", k.n::text, "
	/* an index holds no part of a key that is large */
	"CASE WHEN a.attlen <> -1 OR k.n IS NOT NULL THEN '0' "
	"WHEN " SLIM " THEN '0' ELSE '1' END "
	"FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
	"JOIN pg_namespace n ON n.oid = c.relnamespace "
	"JOIN pg_type y ON y.oid = a.atttypid "
	"LEFT JOIN pg_constraint p ON p.conrelid = c.oid AND p.contype = 'p' "
	"LEFT JOIN LATERAL unnest(p.conkey) WITH ORDINALITY k(att, n) "
	"ON k.att = a.attnum "
	"WHERE n.nspname = {schema} AND c.relname = {name} "
	"AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
    .begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    .end = "COMMIT",
    .undo = "ROLLBACK",
    .share = "SELECT pg_export_snapshot()",
    .join = "SET TRANSACTION SNAPSHOT '{quoted}'",
    .table = "{schema}.{name}",
    .count = "SELECT count(*)::text FROM ONLY {table}",
    .all = "SELECT {cells} FROM ONLY {table}",
    /* by itself, a name in an order is that of a cell, and so its text */
    .page = "SELECT {cells} FROM ONLY {table} AS t{where}{order} LIMIT {n}",
    .size = "SELECT pg_relation_size(c.oid)::text FROM pg_class c "
	    "JOIN pg_namespace n ON n.oid = c.relnamespace "
	    "WHERE n.nspname = {schema} AND c.relname = {name}",
    .rest = "SELECT {cells} FROM ONLY {table} AS t{where}{order}",
    .order = "t.{c}",
    .tuples = true,
    .keyset = true,
    .one = "SELECT {cells} FROM ONLY {table}{where}",
    .nth = "SELECT {cells} FROM ONLY {table}{where} OFFSET {n} LIMIT 1",
    /* LIMIT, so that the cell is unpacked once and not for each piece */
    .pieces = "SELECT substring(b.v FROM g.n::int FOR {count}) FROM "
	      "(SELECT {cells} AS v FROM ONLY {table}{where} OFFSET {n} "
	      "LIMIT 1) b, generate_series({from}, octet_length(b.v), "
	      "{count}) g(n)",
    .row_id = "ctid::text",
    .row_is = "ctid = '{quoted}'::tid",
    .kinds = kinds,
};

/* ---- a session ---- */

struct sql_session {
	struct pgsql *pgsql;
};

static void
postgres_leave(struct sql_session *s)
{
	if (s != NULL)
		pgsql_close(s->pgsql);
	free(s);
}

/*
 * Pages by the index and never by sorting the whole table for each; one process
 * of the server for us; nobody is cut off while his rows are being looked at.
 * Nothing is compiled: a sort that shall not be costs so much to the planner
 * that small statements of the catalogue were, for 200 ms. What only some
 * servers know may fail.
 */
static enum status
settle(struct pgsql *p, struct sql_limits limits)
{
	char statement[64], lock[64];
	const char *const settings[] = {
	    statement,
	    lock,
	    "SET enable_sort = off",
	    "SET jit = off",
	    "SET max_parallel_workers_per_gather = 0",
	    "SET idle_in_transaction_session_timeout = 0",
	};

	snprintf(statement, sizeof(statement), "SET statement_timeout = %llu",
		 (unsigned long long)limits.statement_ms);
	snprintf(lock, sizeof(lock), "SET lock_timeout = %llu",
		 (unsigned long long)limits.lock_ms);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (pgsql_run(p, settings[i]) == ST_CLOSED)
			return ST_CLOSED;
	return ST_OK;
}

static enum status
postgres_enter(const struct sql_to *to, struct sql_session **out,
	       struct buf *why)
{
	struct sql_session *s = calloc(1, sizeof(*s));
	char port[8];
	const struct pgsql_to server = {
	    .host = to->host,
	    .port = port,
	    .database = to->database[0] != 0 ? to->database : HOME,
	    .user = to->user,
	    .password = to->password,
	    .sslmode = to->here || to->clear ? "prefer" : "require",
	    .ca_pem = to->ca_pem,
	    .patience = to->patience,
	};
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	snprintf(port, sizeof(port), "%u", to->port);
	st = pgsql_open(&server, &s->pgsql, why);
	if (st == ST_OK)
		st = settle(s->pgsql, to->limits);
	if (st == ST_OK)
		*out = s;
	else
		postgres_leave(s);
	return st;
}

static const struct sql_dialect *
postgres_speaks(const struct sql_session *s)
{
	(void)s;
	return &postgres_dialect;
}

static enum status
postgres_run(struct sql_session *s, const char *sql)
{
	return pgsql_run(s->pgsql, sql);
}

static enum status
postgres_query(struct sql_session *s, const char *sql)
{
	return pgsql_copy(s->pgsql, sql);
}

static enum status
postgres_query_both(struct sql_session *s, const char *sql, const char *then)
{
	return pgsql_copy_both(s->pgsql, sql, then);
}

static enum status
postgres_fetch(struct sql_session *s, struct span *cell, size_t cells)
{
	size_t got = 0;
	enum status st = pgsql_copy_next(s->pgsql, cell, cells, &got);

	return st == ST_OK && got != cells ? ST_MALFORMED : st;
}

static const char *
postgres_trouble(const struct sql_session *s)
{
	return pgsql_trouble(s->pgsql);
}

static uint64_t
postgres_counted(const struct sql_session *s)
{
	return pgsql_counted(s->pgsql);
}

static const struct sql_ops ops = {
    .port = 5432,
    .databases = true,
    .open = postgres_enter,
    .close = postgres_leave,
    .dialect = postgres_speaks,
    .run = postgres_run,
    .query = postgres_query,
    .query_both = postgres_query_both,
    .fetch = postgres_fetch,
    .trouble = postgres_trouble,
    .counted = postgres_counted,
};

static enum status
postgres_open(const struct source_target *t, struct source **out)
{
	return sql_open(t, &ops, out);
}

const struct source_ops postgres_source = {
    .scheme = "pgsql",
    .open = postgres_open,
    .next = sql_next,
    .read = sql_read,
    .cursor = sql_cursor,
    .close = sql_close,
};
