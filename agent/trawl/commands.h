#ifndef AGENT_TRAWL_COMMANDS_H
#define AGENT_TRAWL_COMMANDS_H

/*
 * What `trawl` can do: one function each, given the arguments behind its own
 * name. They return the exit status.
 */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_ERROR = 1,
	EXIT_USAGE = 2,
	EXIT_FOUND = 3, /* with --fail-on-findings */
};

int command_scan(int argc, char **argv);
int command_extract(int argc, char **argv);
int command_targets(int argc, char **argv);
int command_types(int argc, char **argv);
int command_profiles(int argc, char **argv);
int command_rule(int argc, char **argv);
int command_selftest(int argc, char **argv);

#endif
