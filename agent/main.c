/*
 * trawl-agent: finds sensitive data on this host for a master. `enroll` makes
 * the first contact, `run` is the service, `status` tells how it is.
 */
#include <stdio.h>

#include "agent/command.h"
#include "base/log.h"
#include "sys/proc.h"

int
main(int argc, char **argv)
{
	const struct command_io io = {stdout, stderr};

	proc_harden();
	log_setup("trawl-agent", LOG_INFO);
	return command_run(argc, argv, &io);
}
