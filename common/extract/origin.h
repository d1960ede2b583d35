#ifndef EXTRACT_ORIGIN_H
#define EXTRACT_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "extract/extract.h"

/*
 * origin: where text that is not the original bytes came from. What
 * extract_window.origin points to; internal to the room.
 *
 * Marks are made when the first match asks, one every ORIGIN_STEP bytes; what
 * lies between is walked again.
 */
#define ORIGIN_STEP 256

struct origin_map {
	size_t built; /* text bytes that are marked */
	struct {
		uint32_t text, from;
	} marks[EXTRACT_WINDOW / ORIGIN_STEP + 1];
};

/* The original bytes of one byte of a view, counted from its base. */
struct origin_span {
	uint32_t from, to;
};

struct text_origin {
	uint64_t base;          /* origin of text[0] */
	unsigned unit;          /* original bytes of a character: 1, 2 or 4 */
	struct origin_map *map; /* NULL: text is the original bytes */
	/* of the character that begins at each byte, where they differ */
	const uint8_t *widths;
	/* when characters were folded: the text before, and its marks */
	struct span unfolded;
	struct origin_map *folds;
	/* of a view: one for each byte, else NULL */
	const struct origin_span *spans;
};

/* The same for text that grows: offsets asked in order, from `at` on. */
struct origin_walk {
	const struct text_origin *origin;
	struct span text;
	size_t at;
	uint64_t from; /* origin of text[at] */
};

void origin_walk_init(struct origin_walk *k, const struct text_origin *o,
		      struct span text, size_t at);
/*
 * The original bytes of the character that text[off] is of; off not before the
 * last one.
 */
void origin_walk_to(struct origin_walk *k, size_t off, uint64_t *from,
		    uint64_t *to);

#endif
