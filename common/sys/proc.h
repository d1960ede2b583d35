#ifndef SYS_PROC_H
#define SYS_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/status.h"

/*
 * proc: our own children. A child never outlives its parent, never leaves a
 * core file and holds no descriptor but those it was given.
 */
#define PROC_FDS_MAX 256 /* that a child is given */

struct proc_fd {
	int from; /* open here */
	int to;   /* number in the child, above 2 or 0..2 to replace stdio */
};

struct proc_spec {
	const char *path;  /* absolute */
	char *const *argv; /* ends with NULL */
	char *const *envp; /* ends with NULL; NULL: PATH, TZ, LANG, TRAWL_*
			      and what keeps libraries from leaving files */
	const struct proc_fd *fds;
	size_t fd_count; /* stdio that is not named is shared with us */
	const char *dir; /* working folder, or NULL for / */
};

/* Fork and exec. *pidfd (may be NULL) becomes readable when it has ended. */
NODISCARD enum status proc_spawn(const struct proc_spec *spec, pid_t *pid,
				 int *pidfd);

/* A pidfd (close-on-exec) of a child, -1 when it is gone. */
int proc_pidfd(pid_t pid);

/*
 * Call first in every process: no core files (RLIMIT_CORE 0, not dumpable), no
 * new rights by exec, umask 077, SIGPIPE ignored. Dies when it cannot.
 */
void proc_harden(void);

/*
 * After a fork: end with SIGKILL when `parent` ends. ST_CLOSED when it has
 * ended already.
 */
NODISCARD enum status proc_die_with(pid_t parent);

/* Close every descriptor above 2 but those in keep[n]. */
NODISCARD enum status proc_close_except(const int *keep, size_t n);

/* Path of the running program, NUL-terminated. */
NODISCARD enum status proc_self(char *dst, size_t room);

/*
 * Another program of ours: $TRAWL_LIBEXEC/name, beside this program, or in the
 * installed folder, whichever exists first.
 */
NODISCARD enum status proc_sibling(const char *name, char *dst, size_t room);

/* How a child ended, for the log: "exit 1", "signal 11". */
#define PROC_END_TEXT 32
void proc_end_text(int wait_status, char dst[PROC_END_TEXT]);

/* Resident memory and CPU time of a process, for progress and bench. */
struct proc_use {
	size_t resident; /* bytes */
	unsigned long long cpu_us;
};
NODISCARD enum status proc_use(pid_t pid, struct proc_use *out);

#endif
