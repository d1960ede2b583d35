/*
 * A new scan as the files of it share it: `ops_scan_places` reads where it
 * goes, `ops_scan_create` what is looked for and how, and writes it down.
 */
#ifndef CORE_OPS_SCAN_IMPL_H
#define CORE_OPS_SCAN_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "master/core/ops.h"
#include "master/store/q_scans.h"
#include "model/order.h"

#define SCAN_AGENTS_MAX 10000

/* One order as it is read from the question. */
struct wanted {
	struct ask *ask;
	struct arena arena;
	struct scan_row row;
	struct span paths[ORDER_PATHS_MAX];
	size_t path_count;
	uint64_t *agents, *targets, *tasks;
	size_t agent_count;
	uint64_t *remotes, *remote_tasks; /* targets on other hosts */
	size_t remote_count;
};

static inline void
ops_scan_refuse(struct ask *a, uint16_t http, const char *text)
{
	if (!ask_failed(a))
		answer_problem(a->reply, http, text);
}

/* False: the question is answered with what is wrong. */
/* Targets on other hosts, by their numbers. */
bool ops_scan_remotes(struct wanted *w);
bool ops_scan_agents(struct wanted *w);
bool ops_scan_paths(struct wanted *w);

#endif
