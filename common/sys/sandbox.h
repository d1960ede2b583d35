#ifndef SYS_SANDBOX_H
#define SYS_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/*
 * sandbox: what a role may ask of the kernel: a list of system calls (seccomp)
 * and of folders (Landlock). A call that is not on the list ends the process
 * with SIGSYS. A path that is not on the list gives EACCES.
 *
 * Enter it last, after everything that needs rights is open. It cannot be left
 * and every child inherits it.
 */
enum sandbox_role {
	SANDBOX_WORKER,   /* parses: no open, connect, exec, fork, write; what
			     it asks to open is answered by ownopen.h */
	SANDBOX_ZYGOTE,   /* forks workers */
	SANDBOX_READER,   /* walks, opens for reading, copies */
	SANDBOX_DIRECTOR, /* the scanner's calling process */
	SANDBOX_GATE,     /* accepts agents' connections that it was given */
	SANDBOX_CORE,     /* the database */
	SANDBOX_CA,       /* signs */
	SANDBOX_API,      /* HTTPS, threads, read-only database */
	SANDBOX_LINK,     /* the agent's link: connects out, keeps its spool */
	SANDBOX_SOURCE,   /* reads another host: connects out, writes nothing */
	SANDBOX_CREW,     /* the same, and forks such as may not fork */
	SANDBOX__COUNT
};

/* Folders or files, each with all below it. Those that are not there are
 * left out. Roles that open nothing ignore them. */
struct sandbox_paths {
	const char *const *read;
	size_t read_count;
	const char *const *write; /* read, write, make, rename, remove */
	size_t write_count;
	const char *const *exec; /* read and execute */
	size_t exec_count;
};

/* What the kernel could give. */
struct sandbox_state {
	bool seccomp;
	int landlock; /* ABI, 0 when the kernel has none */
};

/*
 * paths may be NULL: nothing may be opened. A kernel without Landlock is no
 * failure (out->landlock is 0, seccomp still holds); one without seccomp is.
 * out may be NULL.
 */
NODISCARD enum status sandbox_enter(enum sandbox_role role,
				    const struct sandbox_paths *paths,
				    struct sandbox_state *out);

const char *sandbox_name(enum sandbox_role role); /* "worker" */

/* What each role needs in limits: address space, files, processes. */
struct sandbox_limits {
	uint64_t address_space; /* bytes, 0: no limit */
	uint64_t file_size;     /* bytes that may be written to one file */
	uint64_t open_files;    /* 0: as it is */
	uint64_t cpu_seconds;   /* 0: no limit */
};
NODISCARD enum status sandbox_limit(const struct sandbox_limits *l);

#endif
