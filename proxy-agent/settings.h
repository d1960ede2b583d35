#ifndef PROXY_AGENT_SETTINGS_H
#define PROXY_AGENT_SETTINGS_H

#include "conf/schema.h"

/* settings of trawl-proxy-agent: a table of struct settings. */
extern const struct conf_schema settings_schema;

#endif
