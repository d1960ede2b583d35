#ifndef PROXY_AGENT_CREDENTIAL_H
#define PROXY_AGENT_CREDENTIAL_H

#include "runtime/command.h"

/*
 * credential: `trawl-proxy-agent credential`: add (from a file or stdin), list,
 * remove. No value is ever shown; a name "key_file" becomes "key" with what is
 * in that file, since nobody else may read it later.
 */
int credential_command(void *arg, const struct command_words *w);

#endif
