#include "proxy-agent/sql/table.h"

#include <stddef.h>

#include "proxy-agent/sql/drda.h"
#include "proxy-agent/sql/mariadb.h"
#include "proxy-agent/sql/postgres.h"
#include "proxy-agent/sql/tds.h"

const struct source_ops *const sql_sources[] = {
    &postgres_source, &mysql_source, &mariadb_source, &mssql_source,
    &sybase_source,   &derby_source, &drda_source,    NULL,
};
