#ifndef PROXY_AGENT_NFS_LINE_H
#define PROXY_AGENT_NFS_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/patience.h"

/*
 * line: one connection to one program of an NFS server (its rpcbind, mountd or
 * nfsd) with any number of calls under way. The connection is ours (net.h), so
 * that it starts at a port below 1024 where we may have one: many servers
 * answer to no other. libnfs puts calls on it and takes answers off; it must
 * not connect again by itself, which it would try for ever.
 *
 * Owner:  line_close() takes one that was never opened. Calls that are still
 *         under way hear from it then.
 * Limits: a line on which calls wait and nothing is answered for the time of
 *         patience.answer is lost.
 */
struct rpc_context;

struct line {
	struct rpc_context *rpc; /* NULL: closed */
	uint32_t answer_ms;
	struct pace *pace; /* of the patience */
	uint64_t heard; /* ms: the last answer, or when nothing was under way */
	uint32_t under_way;
	bool lost;
	bool low; /* it begins at a port below 1024 */
};

/* As net_connect() fails. */
NODISCARD enum status line_open(struct span host, uint16_t port,
				const struct patience *p, struct buf *why,
				struct line *out);
void line_close(struct line *l);

/* A call was queued (libnfs said 0), or could not be; and its answer came. */
void line_called(struct line *l, int rc);
void line_heard(struct line *l);

/* Send and take what can be, waiting for at most `ms`; false: it is lost. */
bool line_turn(struct line *l, uint32_t ms);

/* Turn until *done; false: it is lost, and closed: all calls have heard. */
bool line_until(struct line *l, const bool *done);

#endif
