#ifndef DETECT_WORDS_NEARBY_H
#define DETECT_WORDS_NEARBY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "detect/tile/tile.h"
#include "detect/words/words.h"

/*
 * nearby: which known words stand near a stretch of text, and where.
 *
 * A text is read once: a stream keeps the words of what has been read, and a
 * stretch further on only reads on. So a table full of numbers costs no more
 * than its words.
 */
#define NEARBY_BEFORE 64 /* bytes looked at before a stretch */
#define NEARBY_AFTER  32 /* and behind it, on the same line: where it begins */
#define NEARBY_ENDS   56 /* and where a phrase that begins there may end */
#define NEARBY_CLOSE  40 /* how near a word against it must stand */

enum word_place {
	WORD_NEAR = 1,  /* before or behind, on the same line, or a title above
			   with nothing else between */
	WORD_CLOSE = 2, /* within NEARBY_CLOSE bytes on the same line, or wholly
			   within NEARBY_AFTER behind */
	WORD_KEY = 4,   /* in the key or column that the stretch is value of */
	WORD_ABOVE = 8, /* before it, on the line above */
};

#define NEARBY_WORDS 48

struct nearby {
	uint16_t id[NEARBY_WORDS];
	uint8_t place[NEARBY_WORDS]; /* WORD_ bits */
	/* of one before it: how far its ends are away; 0 of all others */
	uint8_t far[NEARBY_WORDS], near[NEARBY_WORDS];
	size_t count;
};

/* A word or phrase of the text, by the offsets of its ends. */
struct word_hit {
	uint32_t start, end;
	uint16_t id;
};

/* Half of them are more than can stand around one stretch. */
#define NEARBY_HITS 512

/* All words that begin in [from, to) of one text, in order of their ends. */
struct word_stream {
	enum tile_level level;
	size_t from, to;
	struct word_hit hits[NEARBY_HITS];
	size_t count;
	/* phrases that the last words begin: 0 when none of that length */
	uint64_t key[WORDS_PHRASE];
	size_t start[WORDS_PHRASE];
	size_t last_end;
};

/* Before another text. */
void nearby_begin(struct word_stream *w, enum tile_level level);

/* Of the stretch text[start, end). */
void nearby_find(const struct word_table *t, struct word_stream *w,
		 struct span text, size_t start, size_t end,
		 struct nearby *out);

/* Adds the words of a column's head. */
void nearby_of_head(const struct word_table *t, enum tile_level level,
		    struct span head, struct nearby *out);

/* Places of all words that are in the set, or'ed. */
unsigned nearby_in(const struct nearby *n, const uint64_t *set);
/* Of those that are in set and not in but; NULL is an empty set. */
unsigned nearby_besides(const struct nearby *n, const uint64_t *set,
			const uint64_t *but);
/*
 * Of words against a type: one before it does not count when a word for the
 * type stands between: "order 7, card 4242...". With titles none counts that
 * nearby_titled() outdoes.
 */
unsigned nearby_against(const struct nearby *n, const uint64_t *against,
			const uint64_t *speak, bool titles);
/*
 * Whether one does, behind the i-th; of words behind the stretch, whether its
 * key is one: "ssn = 5362... // from the ticket".
 */
bool nearby_outspoken(const struct nearby *n, size_t i, const uint64_t *speak);
/*
 * The i-th stands behind the stretch, and a word for it right before: "SSN
 * 5362... of our order". For ids: "server 10.4.2.1, version 7" is no address.
 */
#define NEARBY_TITLE 3 /* bytes between them */
bool nearby_titled(const struct nearby *n, size_t i, const uint64_t *speak);

#endif
