#ifndef FAKE_CORE_WORLD_H
#define FAKE_CORE_WORLD_H

#include "fake/store_world.h"
#include "master/core/state.h"
#include "sys/pipe.h"

/*
 * core_world: a core with a database of its own, time that stands still, and
 * gate, api and ca played by the test: what core says to them is taken out of
 * the pipes. No process, no loop: the test calls what the loop would.
 */
#define CORE_WORLD_AWAY_MS 600000  /* config.proxy_away */
#define CORE_WORLD_HUNG_MS 1800000 /* config.proxy_hung */

struct core_world {
	struct store_world db; /* the same file by a handle of its own */
	struct clock_fake clock;
	struct core *core;
	struct pipe *gate, *api, *ca;
	struct pipe_message heard; /* last of core_heard() */
};

void core_world_open(struct core_world *w);
void core_world_close(struct core_world *w);
/* The same for cmocka: a world of its own for each test. */
int core_world_setup(void **state);
int core_world_teardown(void **state);

/* Another agent at the gate, or the first one: HELLO with incarnation {inc}. */
void core_world_up(struct core_world *w, uint64_t conn, uint64_t agent,
		   uint8_t inc);
/* What an agent sends, as the gate passes it on. */
void core_world_batch(struct core_world *w, uint64_t conn, uint64_t agent,
		      uint64_t seq, const struct batch *b);
void core_world_progress(struct core_world *w, uint64_t conn, uint64_t agent,
			 const struct task_progress *p);

/* A proxy that is verified, and how it connects: words with blanks between. */
uint64_t core_world_proxy(struct core_world *w, const char *name);
void core_world_proxy_up(struct core_world *w, uint64_t conn, uint64_t agent,
			 const char *kinds, const char *credentials);
/* The same with a task that it still holds. */
void core_world_proxy_back(struct core_world *w, uint64_t conn, uint64_t agent,
			   const char *kinds, const char *credentials,
			   uint64_t task);
void core_world_down(struct core_world *w, uint64_t conn, uint64_t agent);

/* An operation as api asks for it; its "id", 0 without one. */
int64_t core_world_ask(struct core_world *w, unsigned http, const char *op,
		       const char *args);

/*
 * The next message of this kind on a pipe, others before it are passed over;
 * false when there is none. The body is in w->heard.
 */
bool core_heard(struct core_world *w, struct pipe *p, uint16_t kind);
/* The same from core to the gate: the packed struct inside, and to whom. */
bool core_said(struct core_world *w, uint16_t kind, uint64_t *conn,
	       struct span *body);
/* Everything that core has said until now is passed over. */
void core_deaf(struct core_world *w);

#endif
