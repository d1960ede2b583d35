#ifndef AGENT_TRAWL_NARROW_H
#define AGENT_TRAWL_NARROW_H

#include "base/json.h"
#include "source/pairs.h"

/*
 * narrow: the options of a target that leave objects out by choice. What they
 * leave out is no loss, but who reads the totals is to know of it.
 */

/* "narrowed": {"since": "2026-01-31"}; nothing when there is none of them. */
void narrow_map(struct pairs options, struct json *j);

#endif
