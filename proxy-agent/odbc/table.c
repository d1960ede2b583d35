#include "proxy-agent/odbc/table.h"

#include <stddef.h>

#include "proxy-agent/odbc/odbc.h"
#include "proxy-agent/source/sql/source.h"

/* Name, port: they are those of product.c, too. */
#define PRODUCTS(X)                                                            \
	X(oracle, 1521)                                                        \
	X(db2, 50000)                                                          \
	X(informix, 9088)                                                      \
	X(teradata, 1025)                                                      \
	X(tibero, 8629)                                                        \
	X(hana, 30015)                                                         \
	X(odbc, 0)

#define PRODUCT(name, number)                                                  \
	static enum status enter_##name(const struct sql_to *to,               \
					struct sql_session **out,              \
					struct buf *why)                       \
	{                                                                      \
		return odbc_open(product_of(#name), to, out, why);             \
	}                                                                      \
	static const struct sql_ops ops_##name = {                             \
	    .port = (number),                                                  \
	    .databases = true,                                                 \
	    .open = enter_##name,                                              \
	    .close = odbc_close,                                               \
	    .dialect = odbc_dialect,                                           \
	    .run = odbc_run,                                                   \
	    .query = odbc_query,                                               \
	    .fetch = odbc_fetch,                                               \
	    .piece = odbc_piece,                                               \
	    .trouble = odbc_trouble,                                           \
	    .tables = odbc_tables,                                             \
	    .columns = odbc_columns,                                           \
	};                                                                     \
	static enum status open_##name(const struct source_target *t,          \
				       struct source **out)                    \
	{                                                                      \
		return sql_open(t, &ops_##name, out);                          \
	}                                                                      \
	static const struct source_ops source_##name = {                       \
	    .scheme = #name,                                                   \
	    .open = open_##name,                                               \
	    .next = sql_next,                                                  \
	    .read = sql_read,                                                  \
	    .cursor = sql_cursor,                                              \
	    .close = sql_close,                                                \
	};
PRODUCTS(PRODUCT)

#define ROW(name, number) &source_##name,
const struct source_ops *const odbc_sources[] = {PRODUCTS(ROW) NULL};
