/*
 * trawl-agent: finds sensitive data on this host for a master. `enroll` makes
 * the first contact, `run` is the service, `status` tells how it is.
 */
#include <stdio.h>

#include "agent/settings.h"
#include "base/log.h"
#include "runtime/command.h"
#include "sys/proc.h"

int
main(int argc, char **argv)
{
	const struct command_program p = {.name = "trawl-agent",
					  .scanner = "trawl-scanner",
					  .schema = &settings_schema};
	const struct command_io io = {stdout, stderr};

	proc_harden();
	log_setup(p.name, LOG_INFO);
	return command_run(&p, argc, argv, &io);
}
