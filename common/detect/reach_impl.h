#ifndef DETECT_REACH_IMPL_H
#define DETECT_REACH_IMPL_H

#include "detect/reach.h"
#include "detect/words.h"

/* What reach.c and reach_x86.c share. */

/* What a word may be, by its slot. */
#define REACH_ALONE  1U /* wanted by itself */
#define REACH_FIRST  2U /* the first of a phrase */
#define REACH_SECOND 4U
#define REACH_KINDS  7U
/* Above them the tag; all its bits: words with several. */
#define REACH_TAG      0xf8U
#define REACH_SLOT_BIT 40
#define REACH_TAG_BIT  56

/* A word that may have begun a phrase: its first bit, and the one behind it. */
struct reach_begun {
	size_t bit, end;
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
	struct reach_begun last;
};

/* Letters that no other letter of the same word is before. */
static inline uint64_t
reach_starts(const struct tile_masks *m, size_t w)
{
	uint64_t letters = m->lower[w] | m->upper[w] | m->high[w];
	uint64_t last = 0, small = 0;

	if (w > 0) {
		last =
		    (m->lower[w - 1] | m->upper[w - 1] | m->high[w - 1]) >> 63;
		small = m->lower[w - 1] >> 63;
	}
	return letters & (~(letters << 1 | last) |
			  (m->upper[w] & (m->lower[w] << 1 | small)));
}

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

/* A word of some kind, of the masks' bits [bit, bit + n). */
void reach_take(struct reach_look *l, size_t bit, size_t n, unsigned kinds);

#if defined(__x86_64__)
/* Whether this processor can. */
bool reach_avx512_runs(void);
/* Takes all words of the masks' words w for which near[w] is set. */
void reach_avx512(struct reach_look *l, const bool *near);
#endif

#endif
