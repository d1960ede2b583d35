#ifndef CORE_FLOW_H
#define CORE_FLOW_H

#include "base/span.h"
#include "base/status.h"
#include "master/core/state.h"

/*
 * flow: batches in, acknowledgements out. Batches of all agents share one
 * transaction of at most FLOW_MS or FLOW_ROWS; only after its COMMIT are they
 * acknowledged. When the disk is full or fails nothing is acknowledged, credit
 * is withdrawn, connections stay, and every second it is tried again.
 */
#define FLOW_MS     5
#define FLOW_ROWS   2000
#define FLOW_CREDIT (UINT64_C(4) * 1024 * 1024) /* bytes under way an agent */

void flow_batch(struct core *c, struct span body);

/* Commit what is open now. */
enum status flow_flush(struct core *c);

/*
 * A transaction for something else: begin, change, end. flow_end() commits when
 * st is ST_OK, else rolls back; its result is st or why the commit failed.
 */
NODISCARD enum status flow_begin(struct core *c);
NODISCARD enum status flow_end(struct core *c, enum status st);

/* What a store that fails means for everybody; called with any status. */
void flow_note(struct core *c, enum status st);

const char *flow_store_word(const struct core *c); /* "ok" "full" "failing" */
uint64_t flow_credit(const struct core *c);

void flow_commit_timer(void *core);
void flow_probe_timer(void *core);

#endif
