#ifndef RUNTIME_SUPERVISOR_H
#define RUNTIME_SUPERVISOR_H

#include <stdint.h>

#include "base/status.h"

/*
 * supervisor: the agent's parent process. It starts the link and, when the link
 * asks, scanners; it starts a link that died again and passes on how scanners
 * ended. It opens nothing and parses nothing, and talks to nobody else but by
 * the help that its program gives to scanners; where the agent runs as root it
 * is the only part that stays so.
 *
 * A scanner outlives neither link nor supervisor.
 */
struct loop;

/*
 * What a scanner may ask for that only its supervisor may do: it gets a socket
 * as descriptor SPAWN_HELP_FD, and who listens to the other end is the
 * program's own business.
 */
struct supervisor_help {
	/* Takes the descriptor, also on failure. */
	enum status (*open)(void *arg, struct loop *l, int fd, void **out);
	/* The scanner has ended: so does all that was done for it. */
	void (*close)(void *helper);
	void *arg;
};

struct supervisor_config {
	const char *link; /* absolute path of the program */
	char *const *argv;
	const char *scanner;                /* absolute path */
	const struct supervisor_help *help; /* NULL: scanners ask for nothing */
	int nice;                           /* of scanners, 0..19 */
	unsigned io_class; /* of scanners: 0 as it is, 2 best effort, 3 idle */
	uint64_t retry_ms, retry_cap_ms; /* before a dead link is started */
};

/* Until SIGTERM or SIGINT; *code is what the program should exit with. */
NODISCARD enum status supervisor_run(const struct supervisor_config *c,
				     int *code);

#endif
