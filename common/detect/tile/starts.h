#ifndef DETECT_TILE_STARTS_H
#define DETECT_TILE_STARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detect/tile/tile.h"

/*
 * starts: where in a tile each kind of token may begin, one bit a byte, laid
 * out as the masks are.
 *
 * What the classes of bytes can tell is told for many words at once; what is
 * left is looked at one by one. Every level gives the same bits.
 */
enum start_kind {
	START_ID,     /* a group of letters and digits */
	START_STRONG, /* the same, of types that no word need be near */
	START_LOCAL,  /* digits that go on, from none before them */
	START_SHORT,  /* of these a zero, one digit or three in a group */
	START_IBAN,   /* two letters and two digits */
	START_PHONE,  /* + or ( and a digit */
	START_QUAD,   /* four groups of one to three digits and dots */
	/* those above have digits */
	START_EMAIL, /* an @ by itself */
	START_SEED,  /* words of small letters */
	START_RUN,   /* a long run of letters and digits */
	START_COLON, /* the first of two colons or of four groups */
	START_PAIRS, /* six groups of two */
	START_FOURS, /* three groups of four */
	START_KINDS,
	START_RARE = START_IBAN, /* those before it begin everywhere */
};

/* So many bytes at least are of digits and what joins them: START_LOCAL. */
#define START_LOCAL_BYTES 7

/* What the masks can tell of ids, see id/index.h. */
struct start_sift {
	/* joined bytes that shapes without a letter have, 1..16 */
	unsigned digit_run;
	bool letters_behind; /* others have a letter behind their digits */
};

struct start_plan {
	unsigned
	    kinds; /* a bit for each that is wanted; others begin nowhere */
	struct start_sift ids, strong;
};

struct tile_starts {
	uint64_t of[START_KINDS][TILE_WORDS];
	/* where any from START_RARE on begins */
	uint64_t rare[TILE_WORDS];
};

/*
 * Of words 1..words of the masks; those of words 0..words + 2 are looked at.
 * Words behind, up to a multiple of eight, are left in any state.
 */
void tile_starts(enum tile_level level, const struct tile_masks *m,
		 size_t words, const struct start_plan *plan,
		 struct tile_starts *out);

#endif
