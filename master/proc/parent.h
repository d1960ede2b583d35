#ifndef MASTER_PROC_PARENT_H
#define MASTER_PROC_PARENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "master/proc/roles.h"

/*
 * parent: starts the children, watches them, starts a dead one again and deals
 * its neighbours fresh edges. It reads nothing from the outside.
 *
 * A child that dies is started again after 0, 1, 2, 4 ... 30 s; a child that
 * lived 60 s starts from 0 again. SIGTERM and SIGINT stop all: children get
 * SIGTERM, after stop_ms SIGKILL.
 */
#define PARENT_SOCKETS_MAX 32

struct parent_socket {
	enum door door;
	int fd; /* listening, CLOEXEC or not; stays ours */
};

struct parent_config {
	const char *program;     /* path of trawl-master, for re-exec */
	const char *const *args; /* NULL-ended, given to each child after
				    "--role NAME" */
	struct parent_socket sockets[PARENT_SOCKETS_MAX];
	size_t socket_count;
	uint32_t stop_ms; /* 0: 10 s */
	/* All children run for the first time; may be NULL. */
	void (*started)(void *arg);
	void *arg;
};

/* Until it is told to stop; ST_OK then. */
NODISCARD enum status parent_run(const struct parent_config *config);

#endif
