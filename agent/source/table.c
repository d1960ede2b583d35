#include "agent/source/table.h"

#include <stddef.h>

#include "agent/source/fs.h"

const struct source_ops *const agent_sources[] = {
    &fs_source,
    NULL,
};
