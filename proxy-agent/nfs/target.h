#ifndef PROXY_AGENT_NFS_TARGET_H
#define PROXY_AGENT_NFS_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "proxy-agent/nfs/share.h"
#include "source/source.h"
#include "source/url.h"

/*
 * target: what nfs://HOST:PORT/PATH and its options say. An option may also
 * stand in the query of the target, where the list of options has no such name:
 * nfs://HOST/PATH?version=3.
 *
 *   version              3, 4; auto: 4 where the server has it, else 3
 *   uid, gid             who we say we are; nobody (65534) by default
 *   owner                yes: what is refused to them is asked for once more
 *                        in the name of its owner
 *   nfs_port, mount_port where the programs listen, without asking rpcbind
 *   mounts               yes: into other file systems below the target, too;
 *                        the default for nfs://HOST/, which is everything
 *
 * Owner:  borrows the target.
 * Errors: ST_MALFORMED, ST_UNSUPPORTED; a sentence stands in t->why.
 */
struct target {
	struct url url;
	struct who who;
	uint32_t version;          /* 0: auto */
	uint16_t port, mount_port; /* 0: not told */
	bool owner, mounts;
};

NODISCARD enum status target_of(const struct source_target *t,
				struct target *out);

#endif
