#ifndef STORE_Q_INGEST_H
#define STORE_Q_INGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "master/store/store.h"
#include "model/batch.h"

/*
 * q_ingest: the rows that batches turn into, one call a row; master/ingest
 * knows when. Core only, all inside a transaction of the caller.
 */

/* The type of that name; one that the catalogue does not know is made. */
NODISCARD enum status q_type_find(struct store *s, struct span name,
				  uint32_t *id, uint8_t *risk);

/* The folder of a path, and all above it, made when they are not there. */
NODISCARD enum status q_folder_of(struct store *s, uint64_t target,
				  struct span path, uint64_t *id);

struct object_stored {
	uint64_t id, folder, task;
};
/* ST_NOTFOUND. */
NODISCARD enum status q_object_find(struct store *s, uint64_t target,
				    struct span path,
				    struct object_stored *out);
NODISCARD enum status q_object_add(struct store *s, uint64_t target,
				   uint64_t folder, uint64_t task,
				   const struct object *o, uint64_t *id);
NODISCARD enum status q_object_met(struct store *s, uint64_t id, uint64_t task,
				   const struct object *o);

struct finding_stored {
	uint64_t id, object, target, folder, task, scan;
	uint32_t type;
	uint8_t state, risk, level, confidence;
	uint64_t matches;
	int64_t first_seen, last_seen;
};
NODISCARD enum status q_finding_find(struct store *s, uint64_t object,
				     uint32_t type, struct finding_stored *out);
NODISCARD enum status
q_finding_add(struct store *s, const struct finding_stored *f, uint64_t *id);
/* state, risk, level, confidence, matches, last_seen, scan and task of it. */
NODISCARD enum status q_finding_update(struct store *s,
				       const struct finding_stored *f);

/* keep_points: not those in the text of pictures; *kept: how many these are. */
NODISCARD enum status q_matches_drop(struct store *s, uint64_t finding,
				     bool keep_points, uint64_t *kept);
/* Whether some of it was found in the text of a picture. */
NODISCARD enum status q_finding_in_points(struct store *s, uint64_t finding,
					  bool *out);
/* *added: false when that place and offset was there already. */
NODISCARD enum status q_match_add(struct store *s, uint64_t finding,
				  const struct batch_finding *m, bool *added);

/* What was not read of an object; notes: those of its places, or none. */
NODISCARD enum status q_ledger_add(struct store *s, uint64_t task,
				   const struct object *o,
				   const struct batch_note *notes, size_t n);

NODISCARD enum status q_task_totals(struct store *s, uint64_t task,
				    const struct batch *b, int64_t now);
NODISCARD enum status q_task_swept(struct store *s, uint64_t task,
				   uint64_t target, bool whole, int64_t now);

/*
 * Findings that a task should have met below a root (a path without a slash at
 * its end; "" is the whole target) and did not, from path `after` on, in order
 * of path: not gone, not of this task. only_met: only in objects that the task
 * did meet and read fully.
 */
#define STALE_ROOT_MAX 8192
struct stale_row {
	struct finding_stored finding;
	struct span path, type;
	bool met; /* the task met the object */
	bool
	    below; /* the root; false: a neighbour of like name, pass it over */
	uint8_t coverage;
};
typedef enum status stale_fn(void *arg, const struct stale_row *row);
struct stale_query {
	uint64_t task, target;
	struct span root, after;
	uint64_t after_id; /* finding at `after` that was given last */
	bool only_met;
	uint32_t limit;
};
NODISCARD enum status q_stale(struct store *s, const struct stale_query *ask,
			      stale_fn *fn, void *arg);

/* What the ledger of a task says of a path; 0, 0 when nothing. */
NODISCARD enum status q_coverage_of(struct store *s, uint64_t task,
				    struct span path, uint8_t *coverage,
				    uint8_t *reason);

#endif
