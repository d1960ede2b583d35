#include "proxy-agent/source/table.h"

#include <stddef.h>

const struct source_ops *const proxy_sources[] = {
    NULL,
};
