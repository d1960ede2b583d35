#ifndef INGEST_INGEST_H
#define INGEST_INGEST_H

#include <stdint.h>

#include "base/status.h"
#include "master/store/rollup.h"
#include "master/store/store.h"
#include "model/batch.h"
#include "model/session.h"

/*
 * ingest: batches to rows, each exactly once. A batch is known by (agent,
 * incarnation, stream, seq); its rows, the summaries and the new seq become
 * durable in the one transaction of the caller, who acknowledges after COMMIT.
 *
 * What a rescan means: the first time that a task meets a finding again its old
 * matches are replaced; what the task did not meet is settled by sweep.h at its
 * end, so that half a rescan takes nothing away.
 *
 * Owner:   ingest_close() takes NULL. The store and the rollup are borrowed.
 * Errors:  any status but those of ingest_batch() below means that the
 *          transaction is lost: roll back and call ingest_forget().
 */
struct ingest;

NODISCARD enum status ingest_open(struct store *s, struct rollup *r,
				  struct ingest **out);
void ingest_close(struct ingest *in);

struct ingest_key {
	uint64_t agent;
	uint8_t incarnation[INCARNATION_LEN];
	uint32_t stream;
	uint64_t seq;
};

struct ingest_result {
	uint64_t rows;     /* of findings that were written */
	uint64_t expected; /* after a gap: the seq that is wanted */
	bool ended;        /* it was the last batch of its task */
};

/*
 * Inside a transaction. ST_OK: taken. ST_EXISTS: was committed before, nothing
 * is stored, acknowledge again. ST_AGAIN: a gap, see expected; nothing is
 * stored. A batch of a task that is not the agent's is counted and not stored.
 */
NODISCARD enum status ingest_batch(struct ingest *in,
				   const struct ingest_key *key,
				   const struct batch *b, int64_t now,
				   struct ingest_result *out);

/* After a rollback: nothing of what was remembered can be trusted. */
void ingest_forget(struct ingest *in);

#endif
