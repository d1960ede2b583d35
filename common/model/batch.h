#ifndef MODEL_BATCH_H
#define MODEL_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "model/finding.h"
#include "model/note.h"
#include "model/object.h"

/*
 * batch: the results of a stretch of one task; the unit that is spooled, sent,
 * committed and acknowledged. wire/codec_finding turns it into protobuf for
 * the network; batch_pack() is for the pipe from gate to core, whose bytes we
 * made ourselves after every bound was checked.
 *
 * Owner:  arrays belong to the batch (batch_fini frees them), spans borrow from
 *         the bytes that were unpacked.
 * Limits: BATCH_OBJECTS_MAX, BATCH_FINDINGS_MAX, BATCH_NOTES_MAX,
 *         BATCH_PACKED_MAX; more is ST_LIMIT.
 */
#define BATCH_OBJECTS_MAX  16384
#define BATCH_FINDINGS_MAX 16384
#define BATCH_NOTES_MAX    16384
#define BATCH_PACKED_MAX   (3 * 1024 * 1024) /* bytes of batch_pack() */
#define FINGERPRINT_LEN    8

struct batch_finding {
	uint32_t object; /* row of objects */
	uint8_t fingerprint[FINGERPRINT_LEN];
	struct finding finding; /* its digest is zero in a batch */
};

/* A place of an object that was not fully read, the first one is 0. */
struct batch_note {
	uint32_t object; /* row of objects */
	uint16_t number; /* of the object's places */
	struct note note;
};

struct batch_totals {
	uint64_t objects, bytes, full, partial, unread, findings;
	uint64_t folders; /* that could not be entered */
	uint64_t members, members_partial, members_unread, unread_bytes;
	uint64_t unchanged; /* not read again; none of full, partial, unread */
	uint64_t rested_ms; /* in which a target that answers late got rest */
};

struct batch {
	uint64_t task, target, scan;
	struct object *objects; /* those with findings or not fully read */
	size_t object_count;
	struct batch_finding *findings; /* ordered by object */
	size_t finding_count;
	struct batch_note *notes; /* ordered by object */
	size_t note_count;
	struct batch_totals
	    totals;          /* of the task so far, this batch included */
	uint8_t outcome;     /* enum scan_outcome, 0 while it goes on */
	struct span message; /* why it failed, else empty */
};

void batch_init(struct batch *b);
void batch_fini(struct batch *b);

NODISCARD enum status batch_pack(const struct batch *b, struct buf *to);
NODISCARD enum status batch_unpack(struct span s, struct batch *b);

#endif
