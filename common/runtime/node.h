#ifndef RUNTIME_NODE_H
#define RUNTIME_NODE_H

#include <stdint.h>

#include "model/session.h"
#include "sys/priv.h"

/*
 * node: the link process of an agent, put together: state, spool, jobs and
 * session on one loop, talking to its supervisor on SPAWN_FD. It holds the
 * agent's keys and parses nothing but what the master and our own scanner say.
 */
struct node_config {
	const char *state;   /* folder */
	const char *master;  /* host:port */
	const char *program; /* "trawl-agent" */
	const char *build;
	uint64_t spool_quota; /* bytes */
	uint64_t reconnect_base_ms, reconnect_cap_ms;
	uint64_t retry_ms; /* before a dead scanner is started again */
	unsigned at_once;  /* tasks */
	const struct priv_user *user; /* to become, or NULL */
	/* see runtime/session.h */
	void (*offer)(void *arg, struct agent_hello *m);
	void *offer_arg;
};

/* Returns what the process should exit with. */
int node_run(const struct node_config *c);

#endif
