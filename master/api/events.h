#ifndef MASTER_API_EVENTS_H
#define MASTER_API_EVENTS_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/span.h"
#include "base/status.h"

/*
 * events: what core tells, in the words of the API: ids as texts, times as
 * RFC 3339, a scan with its progress. Types that are not known pass as they
 * are.
 */
NODISCARD enum status events_translate(struct span type, struct span data,
				       const struct clock *clock,
				       struct buf *to);

#endif
