#ifndef SCAN_READER_H
#define SCAN_READER_H

#include "base/span.h"
#include "model/order.h"
#include "scan/clean.h"
#include "scan/slot.h"
#include "source/source.h"
#include "sys/pipe.h"
#include "sys/vault.h"

/*
 * reader: the process that walks, opens and copies, and never looks at what it
 * copies. Started again at the cursor of its last batch when it died. It is
 * forked for files of this host, and a program of its own (trawl-source) for a
 * target on another: there it streams what is large.
 */
struct reader_spec {
	int fd; /* to the director */
	const struct scan_order *order;
	const struct source_ops *const *sources;
	struct slots *slots;
	uint64_t seq;  /* of the first batch */
	uint32_t root; /* where to go on */
	struct span cursor;
	bool remote; /* large objects are streamed */
	bool browse; /* of a remote target: see source.h */
	struct pairs options;
	const struct clean_known *known; /* not to be read again; or NULL */
	struct span past;      /* what a source kept of the target; or empty */
	const struct own *own; /* left out, see source.h; or NULL */
	int input;             /* see source.h */
	struct vault *access;  /* closed when the target is open; or NULL */
	struct pipe *kept;     /* to who keeps it; NULL: to the director */
	/* why a target that no source can read is not read, or NULL */
	const char *forsaken;
	uint8_t forsaken_reason; /* enum cover_reason */
	/* Whether a target that did not open cannot be connected to at all from
	 * here; NULL: that is not known */
	bool (*unreached)(struct span target, const struct pairs *options);
};

_Noreturn void reader_main(struct reader_spec *r);

/* The same for a process that has its slots and has lost its rights. */
_Noreturn void reader_serve(struct reader_spec *r, struct pipe *pipe);

/* The process that counts ahead: objects and bytes, nothing is opened. */
_Noreturn void census_main(const struct reader_spec *r);

#endif
