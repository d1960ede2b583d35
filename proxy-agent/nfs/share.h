#ifndef PROXY_AGENT_NFS_SHARE_H
#define PROXY_AGENT_NFS_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/nfs/attr.h"
#include "proxy-agent/nfs/fault.h"
#include "proxy-agent/nfs/line.h"

/*
 * share: what an NFS server has, by handles, in version 3 (RFC 1813) or 4.0
 * (RFC 7530). Nothing is opened, so that the server keeps nothing of us: in
 * version 4 files are read with the stateid of nobody (all zeros), which locks
 * and changes nothing and saves two calls a file.
 *
 * Owner:   share_close() takes one that was never opened.
 * Threads: one.
 */
#define SHARE_PIECE (256u * 1024) /* bytes in one READ, at most */

struct who {
	uint32_t uid, gid;
};

struct share;

/* One object of a folder; good until the call returns. */
struct entry {
	struct span name;
	struct attr attr; /* all zero: not told */
};

typedef enum fault share_entry(void *arg, const struct entry *e);

/* A READ under way; stays where it is until done() was called. */
struct share_read {
	void (*done)(struct share_read *r, enum fault f, struct span data,
		     bool eof);
	struct share *share;
};

struct dialect {
	uint32_t version;
	/* A path from the server's root, as its names stand there. */
	enum fault (*find)(struct share *s, struct span path, struct who who,
			   struct attr *out);
	enum fault (*look)(struct share *s, const struct handle *h,
			   struct who who, struct attr *out);
	enum fault (*lookup)(struct share *s, const struct handle *folder,
			     struct span name, struct who who,
			     struct attr *out);
	/* Every entry but "." and "..", in the server's order. */
	enum fault (*list)(struct share *s, const struct handle *folder,
			   struct who who, share_entry *on, void *arg);
	/* What it could not even queue gives false: the line is lost. */
	bool (*read)(struct share_read *r, const struct handle *h,
		     struct who who, uint64_t at, uint32_t count);
};

struct share {
	struct line line;
	const struct dialect *dialect;
	struct who now; /* whose name the next call carries */
	bool named;     /* once it was set */
	uint32_t piece; /* bytes in one READ */
	/* of version 3: where its mountd is */
	struct span host;
	uint16_t mount_port; /* 0: ask the rpcbind */
	const struct patience *patience;
	struct buf *why; /* of the caller's */
	bool plain_list; /* the server has no READDIRPLUS */
};

extern const struct dialect dialect_3, dialect_4;

/* The nfsd of a host; port 0: where its rpcbind says, or 2049. */
NODISCARD enum status share_open(struct share *s, const struct dialect *d,
				 uint16_t port);
void share_close(struct share *s);

/* Calls from now on carry this name (AUTH_SYS). */
NODISCARD bool share_as(struct share *s, struct who who);

/* What a call says that did not reach its program. */
enum fault share_refusal(const struct share *s, int rpc_status,
			 const void *words);

/* A handle and a name as libnfs wants them: not const, with a NUL. */
#define SHARE_NAME 1024

struct share_name {
	char text[SHARE_NAME];
	uint32_t len;
};
NODISCARD bool share_name(struct span name, struct share_name *out);

#endif
