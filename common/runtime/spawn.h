#ifndef RUNTIME_SPAWN_H
#define RUNTIME_SPAWN_H

/*
 * spawn: what link and supervisor say to each other (sys/pipe). The tag is the
 * number of the task. Nothing else can be asked of the supervisor, which may be
 * root: no path, no argument, no environment.
 */
enum spawn_kind {
	/* link to supervisor */
	SPAWN_START = 1,
	SPAWN_KILL = 2,
	/* supervisor to link */
	SPAWN_STARTED =
	    3,            /* two descriptors: stdin and stdout of the scanner */
	SPAWN_ENDED = 4,  /* body: how, for people; also: could not start */
	SPAWN_LEAVE = 5,  /* finish and exit */
	SPAWN_KILLED = 6, /* as ENDED, by a SIGKILL of whoever */
};

#define SPAWN_FD      3 /* where the link finds its end */
#define SPAWN_HELP_FD 3 /* where a scanner does, if it is helped */

/* Exit of a link that would fail in the same way again. */
#define SPAWN_EXIT_FINAL 78

#endif
