/*
 * The link process as the files of it share it: `node_open` opens what it
 * needs, in an order that matters, `node_words` hears its supervisor,
 * `node_report` writes the status file, `node` runs.
 */
#ifndef RUNTIME_NODE_IMPL_H
#define RUNTIME_NODE_IMPL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "runtime/asks.h"
#include "runtime/jobs.h"
#include "runtime/node.h"
#include "runtime/session.h"
#include "runtime/spool.h"
#include "runtime/state.h"
#include "sys/loop.h"
#include "sys/pipe.h"

struct node {
	const struct node_config *config;
	struct loop *loop;
	struct pipe *pipe;
	struct loop_io *pipe_watch;
	struct loop_signal *term;
	struct loop_timer *report;
	struct state *state;
	int spool_dir;
	struct spool *spool;
	struct jobs *jobs;
	struct asks *asks;
	struct session *session;
	uint8_t incarnation[INCARNATION_LEN];
	char spool_trouble[128];
	bool leaving;
	int code;
};

enum status node_open(struct node *n);
void node_close(struct node *n);

/* The supervisor starts a scanner for a task, or ends it. */
void node_ask_spawn(void *arg, uint64_t task);
void node_ask_kill(void *arg, uint64_t task);
/* What the supervisor says; without one it ends. */
void node_hear(void *arg, int fd, unsigned ready);
/* Told by the supervisor or by a signal: the master hears of it first. */
void node_leave(void *arg);

/* The status file, again and again. */
void node_report(void *arg);

#endif
