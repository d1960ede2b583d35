#ifndef PROXY_AGENT_READER_SERVE_H
#define PROXY_AGENT_READER_SERVE_H

#include <sys/types.h>

#include "base/status.h"
#include "source/source.h"

/*
 * serve: the whole life of a program that reads one target on another host:
 * it is told by ERRAND_SOCKET what to read (scan/errand.h), loses its rights
 * and reads with that of the sources which fits the target.
 *
 * The table ends with NULL. Returns only when it could not begin: an exit code.
 */
int serve(const char *name, const struct source_ops *const *sources);

/* The same with rights that it keeps, if it had them: PRIV_ of sys/priv.h. */
int serve_keeping(const char *name, const struct source_ops *const *sources,
		  unsigned rights);

/*
 * The loss of rights alone, for a process that such a program forks before it
 * serves: it ends with `parent`.
 */
NODISCARD enum status serve_confine(pid_t parent);

/* The same for one that forks others, which lose the right to by the first. */
NODISCARD enum status serve_confine_crew(pid_t parent);

#endif
