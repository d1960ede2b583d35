#include "proxy-agent/firebird/table.h"

#include <stddef.h>

#include "proxy-agent/firebird/firebird.h"

const struct source_ops *const firebird_sources[] = {&firebird_source, NULL};
