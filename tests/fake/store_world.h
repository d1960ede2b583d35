#ifndef FAKE_STORE_WORLD_H
#define FAKE_STORE_WORLD_H

#include "master/ingest/ingest.h"
#include "master/ingest/sweep.h"
#include "master/store/rollup.h"
#include "master/store/store.h"
#include "model/batch.h"

/*
 * store_world: a database in a folder of its own with an agent, and batches
 * made of short words. Times are given, nothing waits.
 */
struct store_world {
	char dir[64], file[96];
	struct store *store;
	struct rollup *rollup;
	struct ingest *ingest;
	uint64_t agent, target;
	uint64_t seq; /* of the last batch that was given */
	int64_t now;
};

void world_open(struct store_world *w);
void world_close(struct store_world *w); /* removes the folder */
/* The same for cmocka: a world of its own for each test. */
int world_setup(void **state);
int world_teardown(void **state);
void world_reopen(struct store_world *w);

/* Another agent with its target, in a group. */
uint64_t world_agent(struct store_world *w, const char *name, const char *group,
		     uint64_t *target);

/* A scan of one path (and types, one a line, or "") and its one task. */
uint64_t world_scan(struct store_world *w, const char *path, const char *types);
/* The scan's task for another agent. */
uint64_t world_task(struct store_world *w, uint64_t scan, uint64_t agent,
		    uint64_t target);

/*
 * A batch from lines: "PATH TYPE OFFSET [PLACE]" a match, "PATH full", "PATH
 * partial REASON", "PATH none REASON" an object; matches stand before their
 * object's line, which may be left out ("full" then). "PATH ! REASON PARSER
 * [PLACE]" is a place of it that was not read. TYPE may be followed by
 * the other types of the value: "co_nit+pl_nip,ru_inn". Free it with
 * batch_fini(); the text must live as long.
 */
void world_batch(const char *const *lines, uint64_t task, struct batch *out);

/* Gives it as the next seq and commits; outcome: enum scan_outcome or 0. */
enum status world_give(struct store_world *w, const char *const *lines,
		       uint64_t task, uint8_t outcome);
/* Steps until the task is swept. */
void world_sweep(struct store_world *w, uint64_t task);
/* All of store_check() holds. */
bool world_is_sound(struct store_world *w);

/* How many findings a filter of one term (or none, NULL) means. */
uint64_t world_findings(struct store_world *w, const char *filter_key,
			const char *filter_value);

#endif
