#ifndef SCAN_TALK_H
#define SCAN_TALK_H

#include <stdint.h>

#include "source/kind.h"

/*
 * talk: what the processes of one scan say to each other over sys/pipe. Bodies
 * are the structs below, in the memory layout of this one program.
 */
#define TALK_CAP (64 * 1024) /* bytes that may wait in a pipe of ours */

enum talk {
	TALK_SLOT = 1, /* director to reader: tag = slot that is free */
	TALK_BATCH,    /* reader: tag = seq, talk_batch, descriptors */
	TALK_WALKED,   /* reader: tag = target that it would go on with */
	TALK_CENSUS,   /* census: talk_census */
	TALK_FORK,     /* director to zygote: tag = worker, its socket */
	TALK_SIGNAL,   /* director to zygote: tag = worker, talk_number */
	TALK_READY,    /* zygote: the detector is loaded */
	TALK_FAILED,   /* any child: body says why it cannot do its work */
	TALK_BORN,     /* zygote: tag = worker, talk_number = pid */
	TALK_GONE,     /* zygote: tag = worker, talk_number = wait status */
	TALK_WORK,     /* director to worker: tag = seq, talk_work, fds */
	TALK_RESULT,   /* worker: tag = seq, talk_result, then segments */
	TALK_TEXT,   /* worker: tag = seq; records of text, see options.texts */
	TALK_DONE,   /* worker: tag = seq; all that was asked is done */
	TALK_ERRAND, /* director to trawl-source: see errand.h */
	/* reader: bytes that its source keeps for the next scan; tag 1: they
	 * were the last */
	TALK_PAST,
	/* reader to who gave it its credential: source/renewal.h */
	TALK_RENEWED = KIND_TALK_RENEWED,
};

/* Body of TALK_TEXT: which item, then one record. */
struct talk_text {
	uint32_t item;
};

struct talk_batch {
	uint32_t slot;
	uint64_t rested_ms; /* for a target that answers late, since the last */
};

struct talk_census {
	uint64_t objects, bytes;
	uint32_t exact;
};

struct talk_number {
	int32_t n;
};

struct talk_work {
	uint32_t slot, from, to; /* items [from, to) */
	uint32_t first_fd;       /* number of the first descriptor sent */
};

/*
 * Results: segments, each of one object: its records (findings, then the
 * OBJECT when the object is finished). An object may have several segments.
 */
struct talk_result {
	uint32_t done;     /* items below this are finished for good */
	uint32_t complete; /* bytes of segments up to the last finished one */
};

struct talk_segment {
	uint32_t item, len;
};

#endif
