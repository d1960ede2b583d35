#include "master/core/state.h"

#include <stdlib.h>
#include <string.h>

#include "master/core/admin.h"
#include "master/core/enroll.h"
#include "master/core/events.h"
#include "master/core/flow.h"
#include "master/core/handover.h"
#include "master/core/tasks.h"
#include "master/core/tries.h"

#define DEFAULTS_MAX 100000

enum status
state_tables(struct core *c)
{
	if (table_open(CONNS_MAX, &c->conns) != ST_OK ||
	    table_open(AGENTS_MAX, &c->agents) != ST_OK ||
	    table_open(AGENTS_MAX, &c->moving) != ST_OK ||
	    table_open(ENROLL_PENDING_MAX, &c->pending) != ST_OK ||
	    table_open(TRIES_MAX, &c->tries) != ST_OK ||
	    table_open(DEFAULTS_MAX, &c->defaults) != ST_OK ||
	    table_open(AGENTS_MAX, &c->changed_scans) != ST_OK ||
	    table_open(AGENTS_MAX, &c->changed_agents) != ST_OK)
		return ST_NOMEM;
	c->batch = malloc(sizeof(*c->batch));
	if (c->batch == NULL)
		return ST_NOMEM;
	batch_init(c->batch);
	return ST_OK;
}

enum status
state_store(struct core *c, struct buf *why)
{
	enum status st =
	    store_open(c->config.database, STORE_WRITE, &c->store, why);

	if (st == ST_OK)
		st = rollup_open(c->store, &c->rollup);
	if (st == ST_OK)
		st = ingest_open(c->store, c->rollup, &c->ingest);
	return st;
}

enum status
state_loop(struct core *c)
{
	struct {
		struct loop_timer **timer;
		loop_fn *fn;
	} timers[] = {
	    {&c->commit, flow_commit_timer},
	    {&c->probe, flow_probe_timer},
	    {&c->sweeping, tasks_sweep_timer},
	    {&c->telling, events_timer},
	    {&c->progress, tasks_progress_timer},
	    {&c->handover, handover_timer},
	};
	enum status st = loop_open(&c->loop);

	for (size_t i = 0;
	     st == ST_OK && i < sizeof(timers) / sizeof(timers[0]); i++)
		st = loop_timer_open(c->loop, timers[i].fn, c, timers[i].timer);
	return st;
}

static void
free_all(struct table **t)
{
	void *v;
	size_t at = 0;

	if (*t == NULL)
		return;
	while ((v = table_next(*t, &at, NULL)) != NULL)
		free(v);
	table_close(*t);
	*t = NULL;
}

static void
close_all(struct core *c)
{
	struct pending *p;
	size_t at = 0;

	admin_close(c->admin);
	edge_close(c->gate);
	edge_close(c->api);
	edge_close(c->ca);
	while (c->pending != NULL &&
	       (p = table_next(c->pending, &at, NULL)) != NULL)
		enroll_forget(c, p);
	tries_close(c);
	sweep_close(c->sweep);
	loop_timer_close(c->commit);
	loop_timer_close(c->probe);
	loop_timer_close(c->sweeping);
	loop_timer_close(c->telling);
	loop_timer_close(c->progress);
	loop_timer_close(c->handover);
	loop_timer_close(c->housekeeping);
	ingest_close(c->ingest);
	rollup_close(c->rollup);
	store_close(c->store);
	loop_close(c->loop);
	free_all(&c->conns);
	free_all(&c->agents);
	free_all(&c->moving);
	table_close(c->pending);
	table_close(c->defaults);
	table_close(c->changed_scans);
	table_close(c->changed_agents);
	if (c->batch != NULL)
		batch_fini(c->batch);
	free(c->batch);
}

struct core *
state_make(const struct core_config *config)
{
	struct core *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->config = *config;
	c->clock = clock_system();
	c->began = clock_mono_ms(c->clock);
	return c;
}

void
state_unmake(struct core *c)
{
	close_all(c);
	explicit_bzero(c, sizeof(*c));
	free(c);
}
