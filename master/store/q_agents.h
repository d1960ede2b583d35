#ifndef STORE_Q_AGENTS_H
#define STORE_Q_AGENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "master/store/store.h"
#include "master/store/words.h"
#include "model/session.h"

/*
 * q_agents: who scans. online and seen are written when an agent comes and
 * goes and a few times an hour, never with each heartbeat.
 */
#define LOAD_UNKNOWN (-1)
struct agent_row {
	uint64_t id, token; /* token 0: enrolled without one */
	struct span name, group;
	uint8_t state; /* enum agent_state */
	bool online;
	struct span fingerprint; /* of its public key, as it shows it too */
	struct span serial;      /* of its certificate; empty: none yet */
	struct span csr;         /* DER, waits to be signed; core only */
	int64_t cert_until;
	struct span incarnation;
	struct span program, build, os, kernel, arch;
	uint32_t cpus;
	uint64_t memory;       /* bytes */
	struct span addresses; /* one a line */
	struct span address;   /* where it connected from */
	/* of a proxy, one a line: schemes, names of credentials; or empty */
	struct span kinds, credentials;
	int64_t created, seen;
	int64_t load; /* thousandths of one core, LOAD_UNKNOWN; when listed */
	/* counted when it is listed */
	uint64_t target;
	uint64_t findings, critical; /* open and confirmed, of its target */
	uint32_t running;            /* tasks */
};
typedef enum status agent_fn(void *arg, const struct agent_row *row);

/* All but the removed, by name. */
NODISCARD enum status q_agents_list(struct store *s, agent_fn *fn, void *arg);
NODISCARD enum status q_agent_get(struct store *s, uint64_t id, agent_fn *fn,
				  void *arg);
NODISCARD enum status q_agent_by_name(struct store *s, struct span name,
				      agent_fn *fn, void *arg);
/* The newest that is not removed and has this key. */
NODISCARD enum status q_agent_by_fingerprint(struct store *s,
					     struct span fingerprint,
					     agent_fn *fn, void *arg);

struct agent_counts {
	uint32_t online, verified, unverified, blocked;
};
NODISCARD enum status q_agents_count(struct store *s, struct agent_counts *out);

/* Writing, core only ---------------------------------------------------- */

/* A new one when id is 0, else everything of it but created. */
NODISCARD enum status q_agent_put(struct store *s, const struct agent_row *row,
				  uint64_t *id);
NODISCARD enum status q_agent_set_state(struct store *s, uint64_t id,
					enum agent_state state);
NODISCARD enum status q_agent_set_token(struct store *s, uint64_t id,
					uint64_t token);
/* Of the agent and of its target. */
NODISCARD enum status q_agent_set_group(struct store *s, uint64_t id,
					struct span group);
NODISCARD enum status q_agent_set_certificate(struct store *s, uint64_t id,
					      struct span serial,
					      int64_t until);
/* When it was last heard of, and what it said then of its host. */
struct agent_seen {
	bool online;
	int64_t at;   /* ms */
	int64_t load; /* as agent_row's */
};
NODISCARD enum status q_agent_set_seen(struct store *s, uint64_t id,
				       const struct agent_seen *seen);
/* The state of before it was blocked. */
NODISCARD enum status q_agent_had_certificate(struct store *s, uint64_t id,
					      enum agent_state *out);
NODISCARD enum status q_agents_all_offline(struct store *s);

/* Highest committed seq of a stream, 0 when there is none. */
NODISCARD enum status q_seq_get(struct store *s, uint64_t agent,
				struct span incarnation, uint32_t stream,
				uint64_t *seq);
NODISCARD enum status q_seq_set(struct store *s, uint64_t agent,
				struct span incarnation, uint32_t stream,
				uint64_t seq);

#endif
