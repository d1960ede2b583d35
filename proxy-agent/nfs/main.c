#include <stddef.h>

#include "proxy-agent/nfs/nfs.h"
#include "proxy-agent/reader/serve.h"
#include "sys/priv.h"

/*
 * trawl-source-nfs: a program of its own for libnfs. It keeps one right, to
 * begin connections at ports below 1024: most servers answer no other.
 */
int
main(void)
{
	static const struct source_ops *const sources[] = {&nfs_source, NULL};

	return serve_keeping("trawl-source-nfs", sources, PRIV_BIND_LOW);
}
