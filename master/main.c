#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "master/cmd.h"
#include "sys/proc.h"

static int cmd_help(int argc, char **argv);
static int cmd_version(int argc, char **argv);

static const struct command {
	const char *name;
	cmd_fn *run;
	const char *help;
} commands[] = {
    {"init", cmd_init, "make a data folder: keys, database, set-up code"},
    {"run", cmd_run, "serve the console and the agents until Ctrl-C"},
    {"setup-code", cmd_setup_code, "a new set-up code, while nobody signed up"},
    {"token", cmd_token, "a token that lets an agent enrol"},
    {"agents", cmd_agents, "list the agents"},
    {"scan", cmd_scan, "order a scan, and wait for it with --wait"},
    {"scans", cmd_scans, "list the scans; --running: those not over"},
    {"findings", cmd_findings, "show findings as a table"},
    {"export", cmd_export, "print every finding, also while nothing runs"},
    {"check", cmd_check, "check database, keys and permissions"},
    {"version", cmd_version, "print the version"},
    {"help", cmd_help, "this text; help settings [--markdown]"},
};

static void
print_settings(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--markdown") == 0)
		conf_markdown(&settings_of_master, stdout);
	else
		conf_help(&settings_of_master, stdout);
}

static int
cmd_help(int argc, char **argv)
{
	if (argc > 0 && strcmp(argv[0], "settings") == 0) {
		print_settings(argc, argv);
		return EXIT_DONE;
	}
	printf("trawl-master: finds sensitive data by its agents, and shows "
	       "it.\n\n  trawl-master COMMAND [--setting VALUE]...\n\n");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		printf("  %-12s %s\n", commands[i].name, commands[i].help);
	printf("\nSettings stand in DATA/trawl.conf, in the environment "
	       "(TRAWL_DATA) or in\nflags (--data), the last one wins: "
	       "trawl-master help settings\n");
	return EXIT_DONE;
}

static int
cmd_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	printf("trawl-master %s\n", TRAWL_VERSION);
	return EXIT_DONE;
}

int
main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "help";

	proc_harden();
	log_setup("trawl-master", LOG_INFO);
	if (strcmp(name, "--role") == 0)
		return cmd_role(argc - 2, argv + 2);
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = "help";
	if (strcmp(name, "--version") == 0)
		name = "version";
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0)
			return commands[i].run(argc > 2 ? argc - 2 : 0,
					       argv + 2);
	fprintf(stderr,
		"trawl-master: there is no command \"%s\". See: "
		"trawl-master help\n",
		name);
	return EXIT_USAGE;
}
