/*
 * trawl-proxy-agent: finds sensitive data in places that cannot carry an agent,
 * for a master. As trawl-agent, and `credential` keeps what opens them.
 */
#include <stdio.h>

#include "base/log.h"
#include "proxy-agent/credential.h"
#include "proxy-agent/proxy.h"
#include "proxy-agent/settings.h"
#include "runtime/command.h"
#include "sys/proc.h"

static const struct command_verb verbs[] = {
    {"credential", "credential add NAME [FILE] | remove NAME | list",
     credential_command},
    {0},
};

int
main(int argc, char **argv)
{
	struct proxy proxy = {0};
	const struct supervisor_help help = {keeper_open, keeper_close,
					     &proxy.keeper};
	const struct command_program p = {
	    .name = "trawl-proxy-agent",
	    .scanner = "trawl-proxy-scanner",
	    .schema = &settings_schema,
	    .verbs = verbs,
	    .begin = proxy_begin,
	    .help = &help,
	    .offer = proxy_offer,
	    .arg = &proxy,
	};
	const struct command_io io = {stdout, stderr};

	proc_harden();
	log_setup(p.name, LOG_INFO);
	return command_run(&p, argc, argv, &io);
}
