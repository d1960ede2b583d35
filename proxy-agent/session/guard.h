#ifndef PROXY_AGENT_SESSION_GUARD_H
#define PROXY_AGENT_SESSION_GUARD_H

#include <stdbool.h>

#include "base/span.h"

struct sockaddr;

/*
 * guard: which addresses a session may reach. What a page, a redirect or a name
 * server says must not lead the proxy to services of its own host or network
 * that trust whoever reaches them: link-local addresses, the metadata services
 * of clouds, nothing and everybody. Such an address is reached only when the
 * target itself is written with it. Loopback is reached when `host` is the host
 * of the target, by any name. An IPv4 address inside an IPv6 one (mapped, 6to4,
 * NAT64) counts as itself.
 *
 * home: host of the target as written, without brackets; host: the one that is
 * being connected to. NULL: it may be reached. Else why not, for people.
 */
const char *guard_refuses(const struct sockaddr *address, struct span home,
			  struct span host);

#endif
