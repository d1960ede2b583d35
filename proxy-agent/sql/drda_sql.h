#ifndef PROXY_AGENT_SQL_DRDA_SQL_H
#define PROXY_AGENT_SQL_DRDA_SQL_H

#include "proxy-agent/source/sql/sql.h"

/* drda_sql: how Derby and DB2 (for Linux, Unix and Windows) are asked. */
extern const struct sql_dialect derby_dialect, db2_dialect;

/* By what a server says that it is; NULL: neither. */
const struct sql_dialect *drda_dialect(const char *class);

#endif
