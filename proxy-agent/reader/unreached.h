#ifndef PROXY_AGENT_READER_UNREACHED_H
#define PROXY_AGENT_READER_UNREACHED_H

#include <stdbool.h>

#include "base/span.h"
#include "source/pairs.h"

/*
 * unreached: whether nobody takes a connection where a target stands: its name
 * is unknown here, no way leads there, it refuses or does not answer. Asked
 * once the target did not open, so that another proxy may try it: libraries
 * that connect by themselves do not all tell this from a sign-in that failed,
 * and no password may be tried more often than it should be.
 *
 * A kind whose target names no host (a bucket, an account), and one that is
 * read by way of another (`proxy`), is never said to be.
 */
bool unreached(struct span target, const struct pairs *options);

#endif
