#ifndef FAKE_SCANNER_H
#define FAKE_SCANNER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "runtime/jobs.h"
#include "sys/loop.h"

/*
 * fake_scanner: scanners over a made-up tree, on the loop of the test. Object i
 * of the tree holds i % 3 findings; a cursor is the number of the next object.
 */
#define FAKE_RUNS 4

struct fake_run {
	struct fake_scanner *of;
	uint64_t task; /* 0: free */
	int in, out;   /* its own ends */
	int jobs_in, jobs_out;
	struct loop_io *read, *write;
	struct loop_timer *start;
	struct buf have, say;
	uint64_t from, next, given;
	bool ordered, paused, stopped, finished;
};

struct fake_scanner {
	struct loop *loop;
	struct jobs *jobs;
	/* How the tree and the scanners are. */
	uint64_t objects, cursor_every;
	uint64_t monster;   /* findings of object 1 instead of one */
	uint64_t die_after; /* objects in one run, 0: never */
	unsigned deaths;    /* that are left to die */
	bool refuses;       /* cannot be started */
	bool babbles;       /* says what is no record */
	bool ignores_stop;
	unsigned spawns, kills;
	/* Who is told instead of jobs, as jobs_started() and jobs_ended(). */
	void (*started)(void *arg, uint64_t task, int in, int out);
	void (*ended)(void *arg, uint64_t task, const char *how);
	void *told;
	struct fake_run run[FAKE_RUNS];
};

void fake_scanner_open(struct fake_scanner *s, struct loop *l);
void fake_scanner_close(struct fake_scanner *s); /* kills without a word */

void fake_scanner_spawn(void *arg, uint64_t task);
void fake_scanner_kill(void *arg, uint64_t task);

uint64_t fake_scanner_findings(const struct fake_scanner *s);

#endif
