#ifndef STORE_Q_COVERAGE_H
#define STORE_Q_COVERAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "master/store/place.h"
#include "master/store/store.h"

/*
 * q_coverage: what a scan did not read, or not wholly, and why. The ledger has
 * a row for each place; an object without a word of places has one row.
 */
struct coverage_ask {
	uint64_t scan;
	uint64_t target; /* 0: all of the scan */
	int reason;      /* below 0: any */
};

struct coverage_row {
	uint64_t task, scan, target, agent; /* agent 0: it was removed */
	struct span target_name;
	struct span path, place, detail; /* bytes */
	struct span parser;
	uint32_t number;          /* of the place in its object, from 0 */
	uint8_t coverage, reason; /* enum coverage, enum cover_reason */
	uint64_t size, read;      /* of the object */
	bool folder;
	/* of the object, in row 0 only; places: also those without a row */
	uint64_t members, members_partial, members_unread, places;
};
typedef enum status coverage_fn(void *arg, const struct coverage_row *row);

/*
 * A page begins behind the last row of the one before, so that what comes while
 * a scan goes on moves nothing. next is set to "" when nothing is left.
 */
struct coverage_page {
	struct span cursor; /* from `next` of the page before, or empty */
	uint32_t limit;
	char next[PLACE_TEXT_MAX]; /* out */
};

/* By task, path and number; ST_MALFORMED: no cursor of ours. */
NODISCARD enum status q_coverage_list(struct store *s,
				      const struct coverage_ask *ask,
				      struct coverage_page *page,
				      coverage_fn *fn, void *arg);
/* The same, all of them. */
NODISCARD enum status q_coverage_each(struct store *s,
				      const struct coverage_ask *ask,
				      coverage_fn *fn, void *arg);

struct coverage_total_row {
	uint8_t coverage, reason;
	uint64_t objects, places, bytes; /* bytes not read of the objects */
};
typedef enum status coverage_total_fn(void *arg,
				      const struct coverage_total_row *row);
/* By coverage and reason, the most places first; ask.reason is not asked. */
NODISCARD enum status q_coverage_totals(struct store *s,
					const struct coverage_ask *ask,
					coverage_total_fn *fn, void *arg);

/* What agents counted, over the tasks of a scan. */
struct coverage_sum {
	uint64_t tasks, done; /* done: walked to their end */
	uint64_t objects, full, partial, unread, folders;
	uint64_t bytes, unread_bytes;
	uint64_t members, members_partial, members_unread;
	uint64_t unchanged; /* not read again; none of full, partial, unread */
	uint64_t rested_ms; /* in which a target that answers late got rest */
	/* from the ledger */
	uint64_t places;   /* that keep it from being whole */
	uint64_t left_out; /* that do not: links */
	bool whole;        /* every byte and member was read: 100 % */
};
NODISCARD enum status q_coverage_sum(struct store *s,
				     const struct coverage_ask *ask,
				     struct coverage_sum *out);

/* The last scan that began on a target, 0: none. */
NODISCARD enum status q_coverage_last(struct store *s, uint64_t target,
				      uint64_t *scan);
/* The same of each target that has one. */
typedef enum status coverage_last_fn(void *arg, uint64_t target, uint64_t scan);
NODISCARD enum status q_coverage_lasts(struct store *s, coverage_last_fn *fn,
				       void *arg);

#endif
