#ifndef DETECT_WORDS_REACH_H
#define DETECT_WORDS_REACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/status.h"
#include "detect/catalogue/catalogue.h"
#include "detect/tile/tile.h"

/*
 * reach: where in a tile a stretch may begin that has a word near it.
 *
 * Most types of numbers are nothing without one of their words. So the words
 * of the text are looked at once, before its numbers are: what begins out of
 * reach of them all need not be asked which of a thousand types it may be.
 *
 * It promises too much rather than too little: where no bit is set, nearby
 * finds no such word.
 */
#define REACH_SLOTS 32768 /* of the filter, a power of two */

struct reach {
	/*
	 * By the head of a word, REACH_ bits and above them a tag of it: most
	 * words are told by one look at a table that stays in the cache.
	 */
	uint8_t slot[REACH_SLOTS];
	/* a bit for each word or phrase that a type without a check wants */
	const uint64_t *wanted;
	bool ideographs;
	enum tile_level level;
};

/* Of all active types of ids and phone numbers. */
NODISCARD enum status reach_build(const struct catalogue *c,
				  enum tile_level level, struct arena *a,
				  const struct reach **out);

/* Whether the word is wanted by itself, as the head of a column is. */
bool reach_wants(const struct reach *r, uint16_t word);

/* A tile of text at `at`, and its masks. */
struct reach_tile {
	struct span text;
	size_t at;
	const struct tile_masks *masks;
	const uint64_t *asks; /* bits laid out as those of the masks */
	size_t words;         /* of them */
};

/*
 * Fills out[0 .. words), laid out as the masks of the tile. Only what `asks`
 * has bits for is asked of: words of text near which none of them is are not
 * looked at.
 */
void reach_tile(const struct reach *r, const struct word_table *t,
		const struct reach_tile *tile, uint64_t *out);

#endif
