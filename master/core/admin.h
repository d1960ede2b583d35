#ifndef CORE_ADMIN_H
#define CORE_ADMIN_H

#include "base/status.h"

struct core;
struct admin;

/*
 * admin: run/admin.sock, where the command line asks. One JSON object a line,
 * {"op", "args"}; one a line back, {"status", "body"}. Only root and the owner
 * of the process may.
 *
 * Limits: ADMIN_CONNS connections, ADMIN_LINE bytes a line.
 */
#define ADMIN_CONNS 32
#define ADMIN_LINE  (1024 * 1024)

/* fd: a listening socket, stays the caller's; -1 for none. */
NODISCARD enum status admin_open(struct core *c, int fd, struct admin **out);
void admin_close(struct admin *a); /* takes NULL */

#endif
