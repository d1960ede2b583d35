#ifndef AGENT_SETTINGS_H
#define AGENT_SETTINGS_H

#include "conf/schema.h"

/* settings of trawl-agent: a table of struct settings (runtime/settings.h). */
extern const struct conf_schema settings_schema;

#endif
