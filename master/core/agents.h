#ifndef CORE_AGENTS_H
#define CORE_AGENTS_H

#include "base/span.h"
#include "master/core/state.h"
#include "master/store/q_agents.h"

/* agents: who is connected, in memory; what is worth keeping, in the store. */
void agents_up(struct core *c, struct span body);
void agents_down(struct core *c, struct span body);
void agents_heartbeat(struct core *c, struct span body);

/* The gate is new: every connection of the one before is gone. */
void agents_forget_conns(struct core *c);

/* The agent when this is its connection and it may work; else NULL. */
struct live *agents_live(struct core *c, uint64_t conn, uint64_t agent);
/* Connected or not; NULL when it was never here. */
struct live *agents_find(struct core *c, uint64_t agent);

/* Remember a connection; NULL without memory. */
struct conn *agents_conn(struct core *c, uint64_t conn, uint64_t agent,
			 struct span address);
void agents_drop_conn(struct core *c, uint64_t conn);
/* Cut whatever connection the agent has, enrolling ones too. */
void agents_cut(struct core *c, uint64_t agent, enum bye_code code);

/* Words of a host, cut to what fits, into a row. */
#define AGENT_ADDRESSES_TEXT 2048
void agents_host(const struct host_facts *h, struct agent_row *row,
		 char addresses[AGENT_ADDRESSES_TEXT]);

/* Write who was heard of since the last time; in a transaction. */
NODISCARD enum status agents_write_seen(struct core *c);

#endif
