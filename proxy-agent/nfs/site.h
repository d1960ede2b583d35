#ifndef PROXY_AGENT_NFS_SITE_H
#define PROXY_AGENT_NFS_SITE_H

#include <stdbool.h>

#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/nfs/exports.h"
#include "proxy-agent/nfs/share.h"
#include "proxy-agent/nfs/target.h"
#include "proxy-agent/session/patience.h"
#include "source/source.h"

/*
 * site: a server, in the version that it speaks with us, and where on it the
 * target begins.
 *
 * Owner: share_close() and exports_fini() of what is in it.
 */
struct site {
	struct patience patience;
	struct target target;
	struct share share;
	struct span path; /* while it is looked up: "/" for all of it */
	struct exports exports;
	bool all;        /* of version 3: its first level are the exports */
	struct fsid top; /* of version 4: the file system of its root */
	bool has_top;
};

/*
 * Connects, by version 4 before 3 where none is asked for, and looks the path
 * up. With a cursor it knocks for the patience of a connection: a server that
 * went away under a walk may be about to come back. Says why in t->why.
 */
NODISCARD enum status site_find(struct site *s, const struct source_target *t,
				struct span path, struct attr *root);

#endif
