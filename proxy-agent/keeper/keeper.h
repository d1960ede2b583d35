#ifndef PROXY_AGENT_KEEPER_KEEPER_H
#define PROXY_AGENT_KEEPER_KEEPER_H

#include "base/status.h"

struct loop;

/*
 * keeper: the part of a proxy's supervisor that does for one scan what its
 * director may not: start the program that reads a target, give it its
 * credential, end it. It never waits for the director.
 *
 * keeper_open() and keeper_close() are what struct supervisor_help asks for;
 * `arg` is a const struct keeper_config that outlives all keepers. The end of a
 * keeper is the end of its readers.
 */
#define KEEPER_READERS_MAX 4 /* at a time, of one scan */

struct keeper_config {
	const char *programs; /* folder of trawl-source and its kin */
	const char *store;    /* folder of credentials */
};

/* Takes the descriptor, also on failure. */
NODISCARD enum status keeper_open(void *arg, struct loop *l, int fd,
				  void **out);
void keeper_close(void *keeper); /* takes NULL */

#endif
