#ifndef RUNTIME_COMMAND_H
#define RUNTIME_COMMAND_H

#include <stdio.h>

#include "conf/schema.h"
#include "model/session.h"
#include "runtime/settings.h"
#include "runtime/supervisor.h"

/*
 * command: what the words behind an agent's name do, whatever it scans: enroll,
 * run, status, version, help, and link, which the supervisor says; and those
 * that a program has of its own.
 *
 * A complaint is one line on err that begins with the program's name and says
 * what to do. A root caller of enroll, status and link comes back as the user
 * of the settings; run comes back when the agent has ended.
 */
struct command_io {
	FILE *out, *err;
};

/* What a command of a program's own is called with. */
struct command_words {
	const struct command_io *io;
	const struct settings *settings;
	char *const *argv; /* words behind it that are no setting */
	int argc;
};

struct command_verb {
	const char *word;
	const char *usage; /* a line of the help, without the program */
	int (*run)(void *arg, const struct command_words *w);
};

/* One kind of agent. */
struct command_program {
	const char *name;    /* "trawl-agent" */
	const char *scanner; /* the program that it starts for each task */
	const struct conf_schema *schema; /* of struct settings */
	const struct command_verb *verbs; /* its own, ends with NULL; or NULL */
	/* In supervisor and link, before they begin; or NULL. */
	void (*begin)(void *arg, const struct settings *s);
	const struct supervisor_help *help; /* see supervisor.h; or NULL */
	/* What it tells the master of itself in each HELLO; or NULL. */
	void (*offer)(void *arg, struct agent_hello *m);
	void *arg;
};

/* What to exit with; status has more (runtime/report.h). */
enum command_exit {
	COMMAND_DONE = 0,
	COMMAND_TROUBLE = 1,
	COMMAND_USAGE = 2, /* the words or settings are wrong */
};

/* argv is that of main(); its order may change. */
int command_run(const struct command_program *p, int argc, char **argv,
		const struct command_io *io);

#endif
