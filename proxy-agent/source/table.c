#include "proxy-agent/source/table.h"

#include <stddef.h>

#include "proxy-agent/source/imap.h"

const struct source_ops *const proxy_sources[] = {
    &imap_source,
    &imaps_source,
    NULL,
};
