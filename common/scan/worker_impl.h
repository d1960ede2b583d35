/*
 * The worker as the files of it share it: `worker` takes batches and reads
 * objects, `worker_input` is where an object's bytes come from, `worker_match`
 * and `worker_text` what comes of them, `worker_result` how that is told.
 */
#ifndef SCAN_WORKER_IMPL_H
#define SCAN_WORKER_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include "base/buf.h"
#include "model/record.h"
#include "scan/ring.h"
#include "scan/seen.h"
#include "scan/worker.h"
#include "sys/pipe.h"

#define FLUSH_AT (64 * 1024) /* bytes of results in one message */

struct worker {
	const struct worker_spec *spec;
	struct pipe *pipe;
	struct extractor *extractor;
	struct detect_scratch *scratch;
	struct seen *seen;
	struct buf out;  /* talk_result, then segments */
	struct buf text; /* talk_text, then a record */
	uint32_t done, complete;
	size_t segment; /* offset of the open segment's head, 0: none */
	uint64_t seq;
	/* the object at hand */
	uint32_t item, matches;
	struct span path;
	bool noteworthy;
	int fd;
	struct ring_in ring;
	const struct extract_window *window;
	/* of the first note */
	struct span note_place;
	char note_place_bytes[FINDING_PLACE_MAX];
	const char *note_parser;
	uint8_t reason;
	uint32_t notes;
	char place[EXTRACT_PLACE_MAX]; /* of a match */
	enum status failed;
};

static inline void
worker_need(enum status st)
{
	if (st != ST_OK)
		_exit(1);
}

/* A message of results: segments of records, one for each object. */
void worker_begin(struct worker *w);
void worker_close(struct worker *w);
void worker_flush(struct worker *w);
void worker_put(struct worker *w, const struct record *r);
/* At most max bytes of whole characters. */
struct span worker_clip(struct span s, size_t max);

/* What the extractor calls: texts are searched, or sent as they are. */
enum status worker_window(void *arg, const struct extract_window *win);
enum status worker_text(void *arg, const struct extract_window *win);
/* The first one is the object's own; the ledger has all up to a limit. */
void worker_note(void *arg, const struct extract_note *n);

/* Out of the slot, from its descriptor, or out of a ring. */
struct extract_input worker_input(struct worker *w, const struct slot_head *h,
				  const struct slot_item *it);

#endif
