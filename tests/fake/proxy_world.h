#ifndef FAKE_PROXY_WORLD_H
#define FAKE_PROXY_WORLD_H

#include "fake/core_world.h"
#include "master/store/q_scans.h"

/*
 * proxy_world: proxies in a core_world, as core sees them and the database
 * remembers them; what is not as it must be fails the test.
 */

/* The task that is ordered next and on which connection, 0 when none is. */
uint64_t px_ordered(struct core_world *w, uint64_t *conn, struct task_order *m);

struct px_seen {
	struct task_row row;
	char message[256], agent[64];
};

struct px_seen px_seen(struct core_world *w, uint64_t task);
uint8_t px_state_of(struct core_world *w, uint64_t scan);
void px_sweep_all(struct core_world *w);

/* Who sends a batch, and its number. */
struct from {
	uint64_t conn, agent, seq;
};
#define FROM(conn, agent, seq) (&(const struct from){conn, agent, seq})

/* What a task found; how it ended, or 0, and why. */
void px_gives(struct core_world *w, const struct from *from,
	      const char *const *lines, uint64_t task, uint8_t outcome,
	      const char *message);

#endif
