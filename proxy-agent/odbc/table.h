#ifndef PROXY_AGENT_ODBC_TABLE_H
#define PROXY_AGENT_ODBC_TABLE_H

#include "source/source.h"

/* What trawl-source-odbc can read: one source for each product with a scheme.
 */
extern const struct source_ops *const odbc_sources[];

#endif
