#ifndef CORE_EVENTS_H
#define CORE_EVENTS_H

#include "master/core/state.h"

/*
 * events: what api is told, at most 4 times a second: what changed is
 * noted, and said with its newest values when the time has come.
 */
#define EVENTS_EVERY_MS 250

void events_findings(struct core *c);
void events_scan(struct core *c, uint64_t scan);
void events_agent(struct core *c, uint64_t agent);
void events_store(struct core *c); /* at once */
void events_reset(struct core *c); /* at once */

void events_timer(void *core);

#endif
