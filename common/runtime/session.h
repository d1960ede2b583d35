#ifndef RUNTIME_SESSION_H
#define RUNTIME_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/status.h"
#include "crypto/tls.h"
#include "model/session.h"
#include "runtime/jobs.h"
#include "runtime/spool.h"
#include "runtime/state.h"
#include "sys/loop.h"
#include "wire/link.h"

/*
 * session: the one connection to the master, again and again: HELLO, the spool
 * under byte credit, orders down, progress and heartbeats up, a new certificate
 * in time. Whatever goes wrong ends the connection; the next one goes on from
 * what the master says it has.
 *
 * Owner:   session_close() takes NULL.
 * Threads: that of the loop. All timers are monotonic.
 */
struct session;

enum session_phase {
	SESSION_OFFLINE,    /* waits before the next try */
	SESSION_CONNECTING, /* until the master's answer to HELLO */
	SESSION_ONLINE,
	SESSION_UNVERIFIED, /* connected, but an admin has not agreed yet */
	SESSION_BLOCKED,    /* by an admin; asks again now and then */
	SESSION_REMOVED,    /* the master does not know this agent any more */
};
const char *session_phase_name(enum session_phase p);

struct session_config {
	struct loop *loop;
	const struct clock *clock;
	struct state *state; /* identity and keys */
	struct spool *spool;
	struct jobs *jobs;
	const char *build;   /* version of the program */
	const char *program; /* "trawl-agent" */
	const char *spool_dir;
	const char *master; /* host:port */
	uint8_t incarnation[INCARNATION_LEN];
	uint64_t reconnect_base_ms, reconnect_cap_ms;
	struct link_config link;
	/* What HELLO says of what this agent can read, borrowed until it is
	 * packed; asked again at each heartbeat, and when that is not what was
	 * said the line is made anew. NULL: it is a node agent. */
	void (*offer)(void *arg, struct agent_hello *m);
	void *offer_arg;
	/* Questions of the master; NULL: they are passed over. */
	void (*ask)(void *arg, const struct agent_ask *m);
	void *ask_arg;
	/* How to connect; NULL: link_connect() to master. */
	enum status (*connect)(void *arg, const struct link_ops *ops,
			       void *ops_arg, struct link **out);
	void *connect_arg;
};

struct session_facts {
	enum session_phase phase;
	int64_t last_contact;   /* wall clock, microseconds, 0: never */
	int64_t skew_us;        /* master's clock less ours */
	uint64_t next_try_ms;   /* wait that was chosen last */
	uint64_t unacked_bytes; /* under way */
	const char *trouble;    /* why the last connection ended, or "" */
};

NODISCARD enum status session_open(const struct session_config *c,
				   struct session **out);
void session_close(struct session *s);

/* The spool has something new. */
void session_filled(struct session *s);
void session_progress(struct session *s, const struct task_progress *p);

/* To the master that asked; left out when that line is gone. */
void session_answer(struct session *s, const struct agent_answer *a);

/* Say good-bye; done() is called when the line is closed, once. */
void session_leave(struct session *s, void (*done)(void *arg), void *arg);

void session_facts(const struct session *s, struct session_facts *out);

#endif
