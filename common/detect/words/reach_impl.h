#ifndef DETECT_WORDS_REACH_IMPL_H
#define DETECT_WORDS_REACH_IMPL_H

#include "detect/words/reach.h"
#include "detect/words/words.h"

/* What reach.c and the levels of reach_body.h share. */

/* What a word may be, by its slot. */
#define REACH_ALONE  1U /* wanted by itself */
#define REACH_FIRST  2U /* the first of a phrase */
#define REACH_SECOND 4U
#define REACH_KINDS  7U
/* Above them the tag; all its bits: words with several. */
#define REACH_TAG      0xf8U
#define REACH_SLOT_BIT 40
#define REACH_TAG_BIT  56

/* So many words are looked at at a time, a bit each. */
#define REACH_GROUP 64
/* A list has so many before they are; one mask of a tile has 64 at most. */
#define REACH_BATCH 448

/*
 * Words in their order: the bits of the masks of their first and last letters.
 * Before the first of them stands the word before.
 */
struct reach_list {
	uint16_t first[1 + REACH_BATCH + 80], last[1 + REACH_BATCH + 80];
	size_t firsts, lasts; /* behind the word before */
};

/* Some of them, laid out so as well. */
struct reach_words {
	const uint16_t *first, *last;
	size_t count; /* at most REACH_GROUP */
};

/* What the words of a group may be. */
struct reach_kinds {
	uint64_t alone, first, second;
	uint64_t close; /* as near to the word before as those of a phrase */
};

/* A tile that is read; bit 0 of the masks is the byte 64 before `at`. */
struct reach_look {
	const struct reach *reach;
	const struct word_table *table;
	struct span text;
	size_t at;
	const struct tile_masks *m;
	size_t words;
	uint64_t *out;
	bool begun; /* the word before may begin a phrase */
};

/* REACH_ bits of a word; some others have them as well. */
static inline unsigned
reach_kinds(const struct reach *r, uint64_t head)
{
	uint8_t e =
	    r->slot[(size_t)(head >> REACH_SLOT_BIT) & (REACH_SLOTS - 1)];
	uint8_t tag = e & REACH_TAG;

	return tag == (head >> REACH_TAG_BIT & REACH_TAG) || tag == REACH_TAG
		   ? e & REACH_KINDS
		   : 0;
}

/* Eight bytes can be read of each of the first n. */
static inline bool
reach_has_room(const struct reach_look *l, const struct reach_words *ws,
	       size_t n)
{
	return l->at + ws->first[n] + 8 <= l->text.len + 64;
}

/* Adds what those from `from` on are, one after the other. */
void reach_slow_kinds(const struct reach_look *l, const struct reach_words *ws,
		      size_t from, struct reach_kinds *out);
/* Marks those that are wanted. */
void reach_take(struct reach_look *l, const struct reach_words *ws,
		const struct reach_kinds *k);

/* All words of the masks' words w for which near[w] is set; one a level. */
typedef void reach_fn(struct reach_look *l, const bool *near);
reach_fn reach_scalar;
#if defined(__x86_64__)
reach_fn reach_avx2;
/* Whether this processor can. */
bool reach_avx512_runs(void);
reach_fn reach_avx512;
#endif

#endif
