#ifndef MASTER_PROC_CHILD_H
#define MASTER_PROC_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "master/proc/roles.h"

struct loop;
struct child;
struct edge_ops;
struct edge;

/*
 * child: what a role was handed by the parent: listening sockets by door, and
 * edges to its neighbours, which come (and come again, when a neighbour was
 * started again) over the control socket on descriptor 3.
 *
 * Order of a child's start, always: child_open(), open what needs rights, drop
 * rights, make the loop, child_watch(), close the sandbox, run the loop.
 *
 * Owner: child_close() takes NULL and closes the sockets and the control.
 */
#define CHILD_CONTROL_FD 3

/* Reads the parent's greeting (blocking, at start): the listening sockets. */
NODISCARD enum status child_open(enum role role, struct child **out);
void child_close(struct child *c);

/* The i-th socket of a door; -1 when there is none. */
int child_socket(const struct child *c, enum door door, size_t i);

struct child_ops {
	/*
	 * The neighbour is (again) there: make an edge of the descriptor, which
	 * is the callee's, and forget the one before.
	 */
	void (*peer)(void *arg, enum role peer, int fd);
	/* The parent wants the process to end, or is gone. */
	void (*stop)(void *arg);
};

NODISCARD enum status child_watch(struct child *c, struct loop *loop,
				  const struct child_ops *ops, void *arg);

/* Before its loop is closed; the sockets and the control stay. */
void child_unwatch(struct child *c);

#endif
