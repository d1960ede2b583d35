#ifndef SCAN_SEEN_H
#define SCAN_SEEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/*
 * seen: which original bytes of a place have a finding of a type already, so
 * that a value found in a text and again in what the text decodes to is told
 * once. It remembers the last SEEN_MAX or so stretches: decoded text follows
 * its original within some hundred KiB.
 *
 * Most texts have nothing in them that decodes, so stretches are only noted
 * down; they are put where they can be found once somebody asks.
 *
 * Types are compared by pointer: they live with the detector.
 */
#define SEEN_MAX   (1 << 15)
#define SEEN_NOTED (1 << 15)
#define SEEN_WAYS  4 /* slots that a stretch may lie in */

struct seen {
	struct seen_stretch {
		const char *type;
		uint64_t from;
		uint32_t len;
		uint32_t epoch; /* of another one than now: nothing */
	} stretches[SEEN_MAX];
	struct seen_stretch noted[SEEN_NOTED]; /* after those, in order */
	size_t noted_count;
	uint64_t place; /* digest of the place at hand */
	uint32_t epoch;
	bool empty; /* none in stretches */
};

struct seen *seen_new(void); /* NULL: no memory */
void seen_free(struct seen *s);

/* Another object begins; another place (the same one again is none). */
void seen_clear(struct seen *s);
void seen_place(struct seen *s, struct span place);

/* Some of [from, to) has a finding of this type. */
bool seen_before(struct seen *s, const char *type, uint64_t from, uint64_t to);
void seen_add(struct seen *s, const char *type, uint64_t from, uint64_t to);

#endif
