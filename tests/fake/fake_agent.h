#ifndef FAKE_AGENT_H
#define FAKE_AGENT_H

#include <stdbool.h>

#include "fake/fake_master.h"
#include "fake/fake_scanner.h"
#include "runtime/jobs.h"
#include "runtime/session.h"
#include "runtime/spool.h"
#include "runtime/state.h"

/*
 * fake_agent: the real state, spool, jobs and session of an agent on the loop
 * of the test, against a made-up master and made-up scanners. It can die at any
 * moment (nothing is told to anybody) and be born again from its folder.
 */
struct fake_agent {
	struct loop *loop;
	struct fake_master master;
	struct fake_scanner scanner;
	char dir[64];
	char address[64];
	struct state *state;
	int spool_dir;
	struct spool *spool;
	struct spool_report met;
	struct jobs *jobs;
	struct session *session;
	bool disk_full;
	uint64_t quota;
	const char *kind; /* that it says it reads, NULL: a node agent */
	struct loop_timer *watch;
	uint64_t deadline_ms;
	bool (*until)(struct fake_agent *a);
	bool reached;
};

void fake_agent_open(struct fake_agent *a);
void fake_agent_close(struct fake_agent *a);

void fake_agent_born(struct fake_agent *a);
void fake_agent_dies(struct fake_agent *a);

/* Run the loop until it is so; false after ten seconds. */
bool fake_agent_run(struct fake_agent *a, bool (*until)(struct fake_agent *a));

#endif
