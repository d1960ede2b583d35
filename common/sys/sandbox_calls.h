#ifndef SYS_SANDBOX_CALLS_H
#define SYS_SANDBOX_CALLS_H

#include "base/status.h"

/*
 * sandbox_calls: the system calls that a process keeps, by seccomp. They come
 * in groups; the lists behind them are by name, and a name that this machine
 * does not know is passed over. Any other call ends the process with SIGSYS.
 */
enum {
	G_BASE = 1 << 0,   /* memory, time, the descriptors one has */
	G_FORK = 1 << 1,   /* children, and what they do before their sandbox */
	G_OPEN = 1 << 2,   /* walk and open */
	G_CHANGE = 1 << 3, /* write, make, rename, remove */
	G_EVENTS = 1 << 4, /* wait for many */
	G_SERVE = 1 << 5,  /* use and accept connections */
	G_CONNECT = 1 << 6, /* make connections */
	G_THREADS = 1 << 7,
	G_CODE = 1 << 8,   /* memory may become code: plug-ins of name lookup */
	G_NOOPEN = 1 << 9, /* opening is refused, not deadly */
	G_WALK = 1 << 10,  /* walk, and open for reading only */
	G_OWNOPEN = 1 << 11, /* opening is answered by ownopen.h */
	G_FILL = 1 << 12,    /* fill a file of memory that it was given */
	G_VAULT = 1 << 13, /* keep a secret in memory of its own, see vault.h */
	G_NOWRITE = 1 << 14, /* opening for writing is refused, not deadly */
};

/* `have`: groups. From here on, in all threads and children. */
NODISCARD enum status sandbox_calls_enter(unsigned have);

#endif
