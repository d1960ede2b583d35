#ifndef SOURCE_COVERS_H
#define SOURCE_COVERS_H

#include <stdbool.h>

#include "base/span.h"
#include "source/pairs.h"

/*
 * covers: whether a credential that is meant for a scope may be shown to a
 * target that somebody else named.
 *
 * A scope is a target itself: scheme and host must be the same, the port (or
 * the usual one of the kind), the user where the scope has one, the path up to
 * a slash, with no way out of it. What says where to connect in another way
 * (an endpoint, any value that is a URL) must stand in the query of the scope
 * with the same value; so must the driver that sees the password, and what lets
 * it go without TLS. Values of queries are compared decoded, those of options
 * are what they are.
 */

/* Something that a scope can be: a known kind and a host. */
bool covers_scope(struct span scope);

bool covers(struct span scope, struct span target, struct pairs options);

#endif
