#ifndef CORE_STATE_H
#define CORE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/table.h"
#include "master/core/core.h"
#include "master/ingest/ingest.h"
#include "master/ingest/sweep.h"
#include "master/proc/child.h"
#include "master/proc/edge.h"
#include "master/proc/peers.h"
#include "master/store/rollup.h"
#include "master/store/store.h"
#include "sys/loop.h"

/*
 * state: everything that core remembers, made once by state.c. Files of this
 * room are one concern each: agents (who is there), enroll (who may be), flow
 * (batches in, acknowledgements out), tasks (orders, ends), ask (questions and
 * their table of operations), events (what api is told), admin (the socket of
 * the command line).
 */
#define CONNS_MAX  100000 /* connections of agents */
#define AGENTS_MAX 200000 /* agents that are remembered in memory */

/* One connection at the gate. */
struct conn {
	uint64_t conn;
	uint64_t agent; /* 0: not known */
	bool enrolling; /* it waits for a certificate */
	char address[64];
};

/* One agent that is connected, or was since core began. */
struct live {
	uint64_t agent;
	uint64_t conn; /* 0: away */
	uint8_t incarnation[INCARNATION_LEN];
	bool nacked;    /* it was told of a gap and has not come back yet */
	bool touched;   /* it has spoken since `seen` was written */
	uint64_t ack;   /* seq to acknowledge after the commit, 0: none */
	int64_t load;   /* of its last heartbeat, or LOAD_UNKNOWN */
	uint64_t spool; /* bytes */
	int64_t seen;
	/* when it went: monotonic ms, and core's `heard` */
	uint64_t left, left_heard;
};

/* Progress that is not in the database yet. */
struct moving {
	uint64_t task, scan;
	struct scan_progress progress;
	char current[1024];
	uint64_t rate;
	bool dirty;
	uint64_t conn;      /* over which it came */
	uint8_t state;      /* enum task_state, as the agent has it */
	int64_t moved;      /* ms; when any count of it changed */
	uint64_t signed_at; /* monotonic ms; or anything else did */
	bool remote;        /* of a target on another host */
	bool hangs;         /* see handover.h */
};

/* A certificate that was asked of the ca. */
struct pending {
	uint64_t tag, conn, agent, token; /* token 0: none */
	bool renew;
	struct buf csr;
};

enum store_state { STORE_WELL, STORE_NO_SPACE, STORE_FAILING };

struct admin;

struct core {
	struct core_config config;
	const struct clock *clock;
	struct child *child;
	struct loop *loop;
	struct store *store;
	struct rollup *rollup;
	struct ingest *ingest;
	struct edge *gate, *api, *ca;
	struct admin *admin;

	struct table *conns;    /* by conn: struct conn */
	struct table *agents;   /* by agent: struct live */
	struct table *moving;   /* by task: struct moving */
	struct table *pending;  /* by tag: struct pending */
	struct table *defaults; /* types of the default profile, by name */
	uint64_t last_tag;
	struct table *tries; /* by id: struct try */
	uint64_t last_try;

	/* flow */
	bool open;          /* a group of batches is not committed yet */
	uint64_t open_rows; /* in it */
	struct loop_timer *commit;
	enum store_state trouble;
	char trouble_text[160];
	struct loop_timer *probe; /* while in trouble */
	struct batch *batch;      /* arrays are reused */

	/* tasks */
	bool sweep_wanted; /* a last batch is committed, or core is new */
	struct sweep *sweep;
	struct loop_timer *sweeping;

	/* handover */
	bool held_away; /* a proxy that is away or hangs may hold tasks */
	unsigned there; /* agents that are connected */
	uint64_t heard; /* ms in which one was, up to heard_from */
	uint64_t heard_from;
	struct loop_timer *handover;

	/* events */
	struct table *changed_scans, *changed_agents;
	bool changed_findings;
	uint64_t new_findings;
	struct loop_timer *telling;
	uint64_t told_at; /* monotonic ms */

	struct loop_timer *housekeeping, *progress;
	bool progress_set;
	uint64_t batches, findings, commits; /* since core began */
	uint64_t began;                      /* monotonic ms */
	unsigned code_tries;                 /* of the set-up code */
	uint64_t code_since;                 /* monotonic ms */
};

/*
 * Its life, in this order; state_unmake() closes whatever was opened and wipes
 * the rest. state_loop() makes the loop and the timers of flow, tasks and
 * events. On failure of state_store() *why gets a sentence.
 */
struct core *state_make(const struct core_config *config); /* or NULL */
void state_unmake(struct core *c);
NODISCARD enum status state_tables(struct core *c);
NODISCARD enum status state_store(struct core *c, struct buf *why);
NODISCARD enum status state_loop(struct core *c);

static inline int64_t
core_now(const struct core *c)
{
	return clock_wall_us(c->clock) / 1000;
}

#endif
