#ifndef AGENT_COMMAND_H
#define AGENT_COMMAND_H

#include <stdio.h>

/*
 * command: what the words behind `trawl-agent` do: enroll, run, status,
 * version, help, and link, which the supervisor says.
 *
 * A complaint is one line on err that begins with the program's name and says
 * what to do. A root caller of enroll, status and link comes back as the user
 * of the settings; run comes back when the agent has ended.
 */
struct command_io {
	FILE *out, *err;
};

/* What to exit with; status has more (runtime/report.h). */
enum command_exit {
	COMMAND_DONE = 0,
	COMMAND_TROUBLE = 1,
	COMMAND_USAGE = 2, /* the words or settings are wrong */
};

/* argv is that of main(); its order may change. */
int command_run(int argc, char **argv, const struct command_io *io);

#endif
