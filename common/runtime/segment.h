#ifndef RUNTIME_SEGMENT_H
#define RUNTIME_SEGMENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/batch.h"
#include "model/order.h"
#include "model/session.h"

/*
 * segment: the bytes of one file of the spool. Entries stand one behind the
 * other; head and body have a checksum each, so a reader finds the next good
 * one behind any damage and knows which number a damaged body had. Entries that
 * older programs wrote have no totals behind their cursor.
 *
 * Owner:  spans of a decoded entry borrow from the bytes that were decoded.
 * Limits: SEGMENT_PAYLOAD_MAX, ORDER_CURSOR_MAX; more is ST_LIMIT.
 */
#define SEGMENT_HEAD        120 /* bytes */
#define SEGMENT_MORE        56  /* bytes of totals behind the cursor */
#define SEGMENT_PAYLOAD_MAX (1024 * 1024)
#define SEGMENT_ENTRY_MAX                                                      \
	(SEGMENT_HEAD + ORDER_CURSOR_MAX + SEGMENT_MORE + SEGMENT_PAYLOAD_MAX)

enum segment_kind {
	SEGMENT_BATCH = 1, /* results, cursor and totals: counts when synced */
	SEGMENT_MARK = 2,  /* where a task stood when the file was begun */
	SEGMENT_HOLE = 3,  /* these numbers were given and their bytes lost */
};

enum segment_flag {
	SEGMENT_LAST = 1,  /* the task ends with this batch */
	SEGMENT_AGAIN = 2, /* first batch after a rewind behind damage */
};

struct segment_entry {
	uint8_t kind; /* enum segment_kind */
	uint8_t flags;
	uint32_t stream;
	uint64_t seq;
	uint64_t count; /* of numbers, for a hole; else 1 */
	uint64_t task;
	uint8_t incarnation[INCARNATION_LEN];
	struct batch_totals totals; /* of the task up to the cursor */
	struct span cursor;
	struct span payload;
};

size_t segment_size(const struct segment_entry *e);
NODISCARD enum status segment_encode(const struct segment_entry *e,
				     struct buf *to);

/*
 * Decode the first entry of s. ST_AGAIN when it is cut short, ST_MALFORMED when
 * it is none.
 */
NODISCARD enum status segment_decode(struct span s, struct segment_entry *out,
				     size_t *used);

/* Walks the entries of a file, over damage. */
struct segment_reader {
	int fd;           /* borrowed */
	uint64_t at;      /* offset of the next entry */
	uint64_t size;    /* bytes of the file to look at */
	uint64_t skipped; /* damaged bytes before the entry last given */
	uint64_t lost;    /* highest number of a batch among them, or 0 */
	struct buf bytes; /* of the entry last given */
};

void segment_open(struct segment_reader *r, int fd, uint64_t at, uint64_t size);
void segment_close(struct segment_reader *r);

/*
 * ST_EOF when no entry is left: r->at is then the end of the last good one and
 * r->skipped what stands behind it. The entry is good until the next call.
 */
NODISCARD enum status segment_next(struct segment_reader *r,
				   struct segment_entry *out);

#endif
