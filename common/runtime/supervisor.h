#ifndef RUNTIME_SUPERVISOR_H
#define RUNTIME_SUPERVISOR_H

#include <stdint.h>

#include "base/status.h"

/*
 * supervisor: the agent's parent process. It starts the link and, when the link
 * asks, scanners; it starts a link that died again and passes on how scanners
 * ended. It talks to nobody else, opens nothing and parses nothing; where the
 * agent runs as root it is the only part that stays so.
 *
 * A scanner outlives neither link nor supervisor.
 */
struct supervisor_config {
	const char *link; /* absolute path of the program */
	char *const *argv;
	const char *scanner; /* absolute path */
	int nice;            /* of scanners, 0..19 */
	unsigned io_class; /* of scanners: 0 as it is, 2 best effort, 3 idle */
	uint64_t retry_ms, retry_cap_ms; /* before a dead link is started */
};

/* Until SIGTERM or SIGINT; *code is what the program should exit with. */
NODISCARD enum status supervisor_run(const struct supervisor_config *c,
				     int *code);

#endif
