#ifndef AGENT_SOURCE_TABLE_H
#define AGENT_SOURCE_TABLE_H

#include "source/source.h"

/* Every source of the node agent; ends with NULL. */
extern const struct source_ops *const agent_sources[];

#endif
