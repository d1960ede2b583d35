#ifndef SCAN_BROWSE_H
#define SCAN_BROWSE_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "scan/scan.h"
#include "source/source.h"

/*
 * browse: one level of a target on another host, for a person who chooses what
 * to scan or wants to know whether it can be reached at all. The same process
 * as for a scan reads it, with the same rights; no content is read.
 */

/* Each thing that stands there; false: no more is wanted. */
typedef bool browse_fn(void *arg, const struct source_item *item);

/*
 * ST_OK: the target was reached and listed as far as each() wanted. Anything
 * else: *why (buf_init() done) says it in one sentence.
 */
NODISCARD enum status browse(const struct scan_remote *how, struct span target,
			     browse_fn *each, void *arg, struct buf *why);

#endif
