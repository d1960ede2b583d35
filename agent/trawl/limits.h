#ifndef AGENT_TRAWL_LIMITS_H
#define AGENT_TRAWL_LIMITS_H

#include <stdbool.h>

#include "base/buf.h"

/* limits: --limit NAME=VALUE,... of a command, as an order has them. */

/* False after it has said on stderr what is wrong. `to` may be all zero. */
bool limits_take(struct buf *to, const char *command, const char *value);
void limits_help(void); /* the table, on stdout */

#endif
