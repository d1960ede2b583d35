#ifndef MASTER_PROC_EDGE_H
#define MASTER_PROC_EDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "sys/pipe.h"

struct loop;
struct edge;

/*
 * edge: one end of the pipe between two processes of the master, on the loop.
 * Messages are a kind (proc/peers.h) and a body.
 *
 * Owner:   edge_close() takes NULL, is right in a callback and calls none.
 * Limits:  a body of EDGE_MAX; past EDGE_QUEUE_MAX bytes that wait edge_send()
 *          gives ST_FULL and takes nothing. A peer that sends what is not a
 *          message is treated as gone.
 */
#define EDGE_MAX       PIPE_BODY_MAX
#define EDGE_QUEUE_MAX (64 * 1024 * 1024)

struct edge_ops {
	/* The body is good until return. */
	void (*message)(void *arg, uint16_t kind, struct span body);
	/* The peer is gone; a new edge comes from the parent (proc/child.h). */
	void (*down)(void *arg);
	/* Less waits again, after ST_FULL or crowded; may be NULL.
	 */
	void (*room)(void *arg);
};

/* fd: a stream socket, given away also on failure. */
NODISCARD enum status edge_open(struct loop *loop, int fd,
				const struct edge_ops *ops, void *arg,
				struct edge **out);
void edge_close(struct edge *e);

NODISCARD enum status edge_send(struct edge *e, uint16_t kind,
				struct span body);
size_t edge_queued(const struct edge *e); /* bytes that wait */

/*
 * More waits than half of the limit: a good moment to read less from whoever
 * causes it. room() is called when it is better.
 */
bool edge_crowded(struct edge *e);

/* While stopped nothing is read: back pressure for the peer. */
void edge_read_stop(struct edge *e, bool stop);

#endif
