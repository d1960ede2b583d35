#ifndef RUNTIME_GATHER_H
#define RUNTIME_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/batch.h"
#include "model/record.h"
#include "model/session.h"
#include "runtime/spool.h"

/*
 * gather: records of a scanner become batches in the spool.
 *
 * Findings get their fingerprint here: HMAC-SHA-256 of the value's digest under
 * the key of the installation, first 8 bytes. The digest goes no further.
 *
 * A batch is cut when it is large or when gather_cut() says so. It goes into
 * the spool with the last cursor that the scanner gave, so results that stand
 * behind that cursor come again after a death: the master replaces an object's
 * results as a whole. An object with more findings than a batch takes is told
 * in several batches, each with the row of the object.
 *
 * Notes of places that were not read go with their object, NOTE_MAX of them.
 *
 * Owner:   gather_open() .. gather_close(), which takes NULL.
 * Limits:  GATHER_PENDING_MAX bytes of findings of one object.
 * Errors:  ST_FULL and ST_IO are the spool's: nothing is lost; call
 *          gather_again() until it says ST_OK before the next record.
 */
#define GATHER_FINDINGS    2048 /* then a batch is cut */
#define GATHER_OBJECTS     8192
#define GATHER_NOTES       8192
#define GATHER_BYTES       (256u * 1024) /* of text in a batch */
#define GATHER_PENDING_MAX (256u * 1024 * 1024)

struct gather;

struct gather_task {
	uint64_t task, scan, target;
	const uint8_t *key; /* FINGERPRINT_KEY_LEN bytes, copied */
};

NODISCARD enum status gather_open(struct spool *sp, const struct gather_task *t,
				  struct gather **out);
void gather_close(struct gather *g);

/* FINDING, NOTE, OBJECT, PROGRESS, CURSOR or END, as it came. */
NODISCARD enum status gather_take(struct gather *g, const struct record *r);

/* End the task without a scanner. */
NODISCARD enum status gather_end(struct gather *g, uint8_t outcome,
				 const char *message);

/* Cut a batch now, if there is anything to tell. */
NODISCARD enum status gather_cut(struct gather *g);

/*
 * The scanner died: what stands behind its last cursor will come again and is
 * left out, the rest goes into the spool.
 */
NODISCARD enum status gather_settle(struct gather *g);

/* Go on with what the spool did not take. */
NODISCARD enum status gather_again(struct gather *g);
bool gather_blocked(const struct gather *g);

/* Whether the last batch of the task is in the spool. */
bool gather_ended(const struct gather *g);

/* Counts up to the last cursor in the spool, for progress. */
const struct batch_totals *gather_totals(const struct gather *g);

/* An empty batch in place of a number that is lost, as an image. */
NODISCARD enum status gather_filler(const struct gather_task *t,
				    const struct batch_totals *totals,
				    struct buf *image);

#endif
