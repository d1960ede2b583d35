#ifndef PROXY_AGENT_NFS_FAULT_H
#define PROXY_AGENT_NFS_FAULT_H

#include <stdint.h>

/*
 * fault: what an NFS server said, v3 or v4, in the few words that matter to
 * us. The numbers mean the same in both versions (RFC 1813 2.6, RFC 7530 13).
 */
enum fault {
	FAULT_NONE,
	FAULT_DENIED,      /* no permission for this user */
	FAULT_PERM,        /* for nobody: an export with conditions */
	FAULT_GONE,        /* no such name */
	FAULT_STALE,       /* the handle means nothing any more */
	FAULT_LATER,       /* not now: it is busy, or has just started */
	FAULT_SECURITY,    /* it wants Kerberos */
	FAULT_KIND,        /* not of that kind: no folder, no file */
	FAULT_AGAIN,       /* the folder changed: list it anew */
	FAULT_LOCKED,      /* another one has locked it against reading */
	FAULT_LIMIT,       /* more than we hold */
	FAULT_DEPTH,       /* deeper than we go */
	FAULT_UNSUPPORTED, /* it cannot do this */
	FAULT_VERSION,     /* it does not speak this version */
	FAULT_REFUSED,     /* it takes no call of ours: who we say we are */
	FAULT_LOST,        /* the line is lost */
	FAULT_IO,
	FAULT__COUNT
};

enum fault fault_of(uint32_t status); /* an nfsstat */

uint8_t fault_reason(enum fault f);   /* enum cover_reason */
const char *fault_text(enum fault f); /* one sentence, or "" */

#endif
