#ifndef CORE_TRIES_H
#define CORE_TRIES_H

#include "base/span.h"
#include "master/core/state.h"
#include "model/session.h"

/*
 * tries: a target on another host is tried, or one level of it listed, by a
 * proxy that may read it, while a person waits. Nothing of it is kept but in
 * memory, for TRIES_KEPT_MS.
 */
#define TRIES_MAX     256 /* that are remembered */
#define TRIES_WAIT_MS 60000
#define TRIES_KEPT_MS (5 * 60000)

struct
try {
	uint64_t id, agent;
	uint64_t conn;     /* over which it was asked */
	uint64_t asked;    /* monotonic ms */
	char proxy[128];   /* name of the agent */
	struct buf answer; /* a packed agent_answer; empty: it waits */
};

/* What an agent answers, as the gate passes it on. */
void tries_answered(struct core *c, struct span body);

void tries_close(struct core *c);

#endif
