#ifndef EXTRACT_JOB_H
#define EXTRACT_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "extract/extract.h"
#include "extract/part.h"
#include "extract/spot.h"

/*
 * What the extractors of this room share while one object is read: its budget,
 * its place and where text and notes go. Internal to the room.
 */
#define JOB_DEPTH_MAX 16   /* no budget may ask for more */
#define JOB_PLACE_MAX 4096 /* FINDING_PLACE_MAX */
#define JOB_NAME_MAX  1024 /* bytes of one member's name in a place */

struct inflater;
struct again;
struct origin_map;

struct extractor {
	struct extract_budget budget;
	const struct extract_sink *sink;
	struct extract_result *result;
	struct part root; /* the object itself */
	uint8_t *window;  /* EXTRACT_WINDOW bytes, of the leaf being read */
	uint8_t *raw;     /* PART_BUF bytes, before they are decoded */
	spot_next *spot;
	struct again *again;      /* what was decoded of the text at hand */
	struct origin_map *map;   /* origins of decoded text */
	struct origin_map *folds; /* offsets before folding */
	uint8_t *folded;          /* EXTRACT_WINDOW bytes */
	uint8_t *bufs[JOB_DEPTH_MAX + 2];
	struct inflater *inflaters[JOB_DEPTH_MAX + 2];
	char place[JOB_PLACE_MAX];
	size_t place_len;
	unsigned depth;
	uint64_t output;  /* bytes unpacked so far */
	uint64_t windows; /* given to the sink so far */
	uint64_t kept;    /* bytes of members held in memory */
	int64_t cpu_end;  /* CPU clock when time is up; 0: not started */
	bool stop;        /* over budget, or the sink wants no more */
};

/* Read a part by what it holds. */
NODISCARD enum status job_part(struct extractor *x, struct part *p);
/* The same, for a member one level further in, called `name`. */
NODISCARD enum status job_member(struct extractor *x, struct part *p,
				 struct span name);

void job_note(struct extractor *x, enum cover_reason why);
void job_over(struct extractor *x, enum cover_reason why); /* note and stop */

/* Account for n unpacked bytes, one more member; false: over budget. */
bool job_spend(struct extractor *x, uint64_t n);
bool job_count(struct extractor *x);
bool job_in_time(struct extractor *x);

/* The way inside grows by a name; job_leave() with what job_enter() gave. */
size_t job_enter(struct extractor *x, struct span name);
void job_leave(struct extractor *x, size_t place_len);

/* The buffer and codec of the current depth; NULL: no memory. */
uint8_t *job_buf(struct extractor *x);
struct inflater *job_inflater(struct extractor *x);

#endif
