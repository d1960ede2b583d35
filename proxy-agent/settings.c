#include "proxy-agent/settings.h"

#include "runtime/settings.h"

/* Targets answer slowly: several are read at the same time. */
static const struct conf_setting table[] = {
    SETTINGS_ROWS("/var/lib/trawl-proxy-agent", "trawl-proxy-scanner", "4"),
};

const struct conf_schema settings_schema = {"trawl-proxy-agent", table,
					    sizeof(table) / sizeof(table[0])};
