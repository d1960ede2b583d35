#ifndef DETECT_WORDS_H
#define DETECT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * words: which known words stand near a stretch of text.
 *
 * Whole words only, without case: text is cut at every byte that is no letter
 * and where a small letter meets a large one ("cardNumber"). Phrases of up to
 * three words are one entry.
 */
#define WORDS_MAX    16384 /* words and phrases of one catalogue */
#define WORDS_LOOKS  8192
#define WORDS_BEFORE 64 /* bytes looked at before a stretch */
#define WORDS_AFTER  32 /* and behind it, on the same line */
#define WORDS_CLOSE  40 /* how near a word against it must stand */

struct word_table {
	/*
	 * Open addressing. A word's key is its hash; a phrase's is made of the
	 * key of what is before its last word, and that word's.
	 */
	uint64_t *key; /* 0: free */
	uint16_t *id;
	size_t slots; /* a power of two */
	size_t count; /* entries */
	size_t ids;   /* given out; ids are below this */
	/* one bit for each first letter, last letter and length there is */
	uint64_t looks[WORDS_LOOKS / 64];
};

NODISCARD enum status words_init(struct word_table *t);
void words_fini(struct word_table *t);

/* The id of a phrase, made when it is new. ST_MALFORMED: no letter in it. */
NODISCARD enum status words_add(struct word_table *t, struct span phrase,
				uint16_t *id);

enum word_place {
	WORD_NEAR = 1,  /* before or behind, on the same line */
	WORD_CLOSE = 2, /* within WORDS_CLOSE bytes on the same line */
	WORD_KEY = 4,   /* in the key or column that the stretch is value of */
	WORD_ABOVE = 8, /* before it, on the line above */
};

#define WORDS_NEARBY 48

struct nearby {
	uint16_t id[WORDS_NEARBY];
	uint8_t place[WORDS_NEARBY]; /* WORD_ bits */
	size_t count;
};

/* Of the stretch text[start, end). */
void words_nearby(const struct word_table *t, struct span text, size_t start,
		  size_t end, struct nearby *out);

/* Adds the words of a column's head. */
void words_of_key(const struct word_table *t, struct span key,
		  struct nearby *out);

/* Places of all words that are in the set, or'ed. */
unsigned words_in(const struct nearby *n, const uint64_t *set);

#endif
