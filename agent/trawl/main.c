#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "agent/trawl/commands.h"
#include "base/log.h"
#include "sys/proc.h"

#ifndef TRAWL_VERSION
#define TRAWL_VERSION "0"
#endif

static int command_help(int argc, char **argv);
static int command_version(int argc, char **argv);

static const struct {
	const char *name, *arguments, *help;
	int (*run)(int argc, char **argv);
} commands[] = {
    {"scan", "[OPTION]... PATH|URL...", "find sensitive data in files",
     command_scan},
    {"extract", "[OPTION]... FILE...", "show what a scan reads in files",
     command_extract},
    {"targets", "[test|probe URL]", "what can be read on other hosts, and how",
     command_targets},
    {"types", "[OPTION]...", "list the data types it looks for", command_types},
    {"profiles", "", "list the choices of data types that have a name",
     command_profiles},
    {"rule", "test FILE|ID [TEXT|-]", "what a data type finds, and why or not",
     command_rule},
    {"selftest", "", "run known examples through the real engines",
     command_selftest},
    {"help", "", "show this text", command_help},
    {"version", "", "show the version", command_version},
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
print_help(FILE *to)
{
	fputs("trawl finds sensitive data: card numbers, personal "
	      "identifiers, secrets.\n\nusage:\n",
	      to);
	for (size_t i = 0; i < COMMANDS; i++) {
		int n = fprintf(to, "  trawl %s %s", commands[i].name,
				commands[i].arguments);

		fprintf(to, "%*s%s\n", n < 38 ? 38 - n : 1, "",
			commands[i].help);
	}
	fputs("\nEach command has its own --help; begin with: trawl scan .\n",
	      to);
}

static int
command_help(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	print_help(stdout);
	return EXIT_DONE;
}

static int
command_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("trawl " TRAWL_VERSION);
	return EXIT_DONE;
}

/* Whoever was behind a pipe had enough, as head has. */
static bool
reader_left(void)
{
	struct pollfd p = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return poll(&p, 1, 0) == 1 && (p.revents & (POLLERR | POLLHUP)) != 0;
}

/* What a command printed must have arrived: a full disk is not "done". */
static int
flushed(int code)
{
	bool lost = fflush(stdout) != 0 || ferror(stdout) != 0;

	if (lost && !reader_left())
		fputs("trawl: cannot write to standard output\n", stderr);
	return lost && code == EXIT_DONE ? EXIT_ERROR : code;
}

int
main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	log_setup("trawl", LOG_WARN);
	proc_harden();
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = "help";
	if (strcmp(name, "--version") == 0)
		name = "version";
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return flushed(commands[i].run(argc - 1, argv + 1));
	if (name[0] != 0)
		fprintf(stderr,
			"trawl: there is no command \"%s\"; see trawl help\n",
			name);
	else
		print_help(stderr);
	return EXIT_USAGE;
}
