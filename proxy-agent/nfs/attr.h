#ifndef PROXY_AGENT_NFS_ATTR_H
#define PROXY_AGENT_NFS_ATTR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * attr: what a server tells of an object, and the attributes of version 4 on
 * their way (RFC 7530 5 and its XDR): values one behind the other in the order
 * of their numbers, which a bitmap names.
 *
 * Errors: ST_MALFORMED: cut short, or a number that was not asked for.
 */
#define HANDLE_MAX 128 /* bytes; 64 in version 3 */

struct handle {
	uint32_t len; /* 0: none */
	char bytes[HANDLE_MAX];
};

struct fsid {
	uint64_t major, minor;
};

struct attr {
	uint64_t size;
	int64_t mtime;
	uint32_t mode; /* with its kind; 0: not told */
	uint32_t uid, gid;
	bool has_owner, has_group; /* as numbers */
	struct fsid fsid;
	bool has_fsid;
	uint32_t error;    /* an nfsstat: this object tells nothing */
	uint32_t max_read; /* bytes in one READ; 0: not told */
	struct handle handle;
};

/* What we ask for, as a bitmap of two words; ATTR_MAX_READ of a folder only. */
#define ATTR_WORDS 2
#define ATTR_WORD_0                                                            \
	((1u << 1) | (1u << 4) | (1u << 8) | (1u << 11) | (1u << 19))
#define ATTR_MAX_READ (1u << 30)
#define ATTR_WORD_1   ((1u << 1) | (1u << 4) | (1u << 5) | (1u << 21))

NODISCARD enum status attr_decode(const uint32_t *words, uint32_t count,
				  struct span values, struct attr *out);

/* The S_IF bits of an NFS kind of object, the same in both versions. */
uint32_t attr_kind(uint32_t type);

static inline bool
fsid_eq(struct fsid a, struct fsid b)
{
	return a.major == b.major && a.minor == b.minor;
}

#endif
