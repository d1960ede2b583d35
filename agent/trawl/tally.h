#ifndef AGENT_TRAWL_TALLY_H
#define AGENT_TRAWL_TALLY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "scan/scan.h"
#include "source/pairs.h"

/*
 * tally: what was not fully read, and the totals: to a file as JSON lines, or
 * in short for people.
 */
#define TALLY_LINES 1024

/* What of an object was not read. */
enum tally_part { TALLY_PARTLY, TALLY_UNREAD, TALLY_FOLDER, TALLY__PARTS };

struct tally {
	FILE *file;       /* of --coverage, or NULL */
	struct buf notes; /* records, of the object that comes next */
	uint32_t noted;   /* of them */
	uint64_t reasons[TALLY__PARTS][COVER__COUNT];
	struct pairs options; /* of the targets */
	bool failed;          /* the file could not be written */
	bool quiet;           /* not a word for people */
	uint64_t start_ms;
	uint64_t rested_ms; /* for targets that answer late */
	/* matches that a line of the allow list let pass; the last: the rest */
	struct {
		unsigned line;
		uint64_t matches;
	} allowed[TALLY_LINES];
	size_t allowed_count;
	uint64_t allowed_sum;
};

/* A match that the allow list let pass by that line of it. */
void tally_allowed(struct tally *t, unsigned line);
/* A place that was not fully read, in the object that comes next. */
void tally_note(struct tally *t, const struct note *n);
void tally_object(struct tally *t, const struct object *o);
void tally_end(struct tally *t, const struct scan_progress *sum,
	       const char *outcome);

/* "1.2 GiB" */
#define TALLY_SIZE 32
/* "1,204" */
void tally_count(uint64_t n, char dst[TALLY_SIZE]);
void tally_size(uint64_t bytes, char dst[TALLY_SIZE]);

#endif
