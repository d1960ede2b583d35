#ifndef PROXY_AGENT_SOURCE_TABLE_H
#define PROXY_AGENT_SOURCE_TABLE_H

#include "source/source.h"

/* What trawl-source can read. */
extern const struct source_ops *const proxy_sources[];

#endif
