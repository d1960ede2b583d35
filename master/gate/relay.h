#ifndef MASTER_GATE_RELAY_H
#define MASTER_GATE_RELAY_H

#include <stdint.h>

#include "base/span.h"

struct conns;

/* relay: what core says to one connection, as frames to its agent. */
void relay_message(struct conns *all, uint16_t kind, struct span body);

#endif
