#ifndef CORE_SERVERS_H
#define CORE_SERVERS_H

#include "master/core/proxies_impl.h"

/*
 * servers: targets of one server (address and port: ten shares, twenty
 * databases) are read a few at a time, by whichever proxies, so that its
 * sessions are bounded: config.server_targets of them, each with the `sessions`
 * that its options allow. One that is paused does not count.
 *
 * A server of two names is two. What a proxy that is cut off still reads counts
 * as long as its task is the proxy's.
 */

/* Those that are read. */
NODISCARD enum status servers_count(struct giving *g);

/* One more, unless there are enough: then *why says so. */
NODISCARD enum status servers_take(struct giving *g, struct span url,
				   bool *full, struct span *why);

#endif
