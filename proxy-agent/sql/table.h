#ifndef PROXY_AGENT_SQL_TABLE_H
#define PROXY_AGENT_SQL_TABLE_H

#include "source/source.h"

/* What trawl-source-sql can read. */
extern const struct source_ops *const sql_sources[];

#endif
