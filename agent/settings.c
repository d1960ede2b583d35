#include "agent/settings.h"

#include "runtime/settings.h"

static const struct conf_setting table[] = {
    SETTINGS_ROWS("/var/lib/trawl-agent", "trawl-scanner", "1"),
};

const struct conf_schema settings_schema = {"trawl-agent", table,
					    sizeof(table) / sizeof(table[0])};
