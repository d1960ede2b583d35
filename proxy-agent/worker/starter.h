#ifndef PROXY_AGENT_WORKER_STARTER_H
#define PROXY_AGENT_WORKER_STARTER_H

#include "base/status.h"
#include "scan/scan.h"

/*
 * starter: how a director that may start no program has its readers started:
 * by the keeper in its supervisor (keeper/reach.h). Each call waits for the
 * answer; when the keeper is gone, so will be this process.
 */
struct starter {
	struct pipe *pipe;
};

/* Takes the descriptor, also on failure. */
NODISCARD enum status starter_open(struct starter *s, int fd);
void starter_close(struct starter *s);

/* Its arg is a struct starter. */
extern const struct scan_starter starter_of_supervisor;

#endif
