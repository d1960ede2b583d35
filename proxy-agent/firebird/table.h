#ifndef PROXY_AGENT_FIREBIRD_TABLE_H
#define PROXY_AGENT_FIREBIRD_TABLE_H

#include "source/source.h"

/* What trawl-source-firebird can read. */
extern const struct source_ops *const firebird_sources[];

#endif
