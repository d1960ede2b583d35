#ifndef MODEL_ORDER_H
#define MODEL_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * scan_order: what one scan task is asked to do. Spans borrow.
 */
#define ORDER_PATHS_MAX     64
#define ORDER_TYPES_MAX     256
#define ORDER_CURSOR_MAX    8192       /* bytes */
#define ORDER_LIMITS_MAX    1024       /* bytes */
#define ORDER_OCR_MAX       263        /* bytes: LANGUAGES_MAX names */
#define ORDER_OPTIONS_MAX   16384      /* bytes */
#define CREDENTIAL_NAME_MAX 64         /* bytes */
#define ORDER_PROFILE       "profile:" /* stands before the name of one */

struct scan_order {
	struct span paths[ORDER_PATHS_MAX]; /* where to look, bytes */
	size_t path_count;
	struct span types[ORDER_TYPES_MAX]; /* ids, globs, profiles; or none */
	size_t type_count;
	uint8_t min_confidence; /* 0: the default, 50 */
	uint8_t jobs;           /* workers; 0: one a core */
	uint8_t want_totals; /* count objects and bytes ahead, for progress */
	uint64_t bytes_per_second; /* 0: no limit */
	struct span cursor;        /* where an earlier run got to, or empty */
	struct span limits;        /* as budget_set() takes them, or empty */
	struct span ocr; /* languages of text in pictures, see languages.h;
			    empty: it is not read */
	/* of its targets: as source/pairs.h has them, or empty */
	struct span options;
	struct span credential; /* its name where it is kept, or empty */
	/* What an earlier scan of this order read in full, found nothing in
	 * and finds unchanged is not read again. */
	uint8_t skip_unchanged;
};

/* State of a running scan, sent a few times a second. */
struct scan_progress {
	uint64_t done_objects, done_bytes;
	uint64_t total_objects, total_bytes; /* 0 while not known */
	uint8_t total_exact; /* 1 when the totals were counted to the end */
	uint64_t findings, partial,
	    unread; /* matches; objects not fully read */
	uint64_t skipped_dirs;
	struct span current; /* path being read */
	/* met inside of objects; bytes of objects that were not read */
	uint64_t members, members_partial, members_unread, unread_bytes;
	uint64_t unchanged; /* objects not read again, see the order */
	uint64_t rested_ms; /* in which targets that answer late got rest */
	/* of life: grows while whoever reads goes on, waits for its target or
	 * lets it rest; what hangs gives none */
	uint64_t signs;
};

enum scan_outcome {
	SCAN_DONE = 1,      /* walked to the end */
	SCAN_STOPPED = 2,   /* by order or Ctrl-C; what was found stands */
	SCAN_FAILED = 3,    /* could not go on; the message says why */
	SCAN_UNREACHED = 4, /* failed: nothing of its target was read, since
			       no connection to it came about from here */
};

#endif
