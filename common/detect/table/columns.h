#ifndef DETECT_TABLE_COLUMNS_H
#define DETECT_TABLE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

struct data_type;
struct detect_scratch;
struct nearby;
struct verdict;

/*
 * columns: what the first lines of a table say of its columns, for all that
 * stands in it further on:
 *
 *   words   of the heads, as if they stood right before each value;
 *   likes   types that (nearly) every value of the sample is valid as: what
 *           looks like them in that column is one more of them;
 *   chance  lengths of values of which few are valid as anything: that one of
 *           them is, is chance;
 *   cells   types that are whole cells of that column (cells.c).
 *
 * It is known from the head of a part alone, so that what is decided does not
 * depend on where the text is cut.
 */
#define COLUMNS_MAX   256 /* of a table that are looked at */
#define COLUMNS_WORDS 512
#define COLUMNS_LIKES 512
#define COLUMNS_CELLS 128
/* How far behind the start of its line a value knows its column. */
#define COLUMNS_REACH ((size_t)1536)
#define COLUMN_NONE   UINT16_MAX

struct column_type {
	uint16_t column, type;
	bool full; /* nearly all values are valid as it, not only many */
};

/* A type that is all of a cell; what is like the head is none. */
struct column_cell {
	uint16_t column, type;
	uint32_t head;
};

struct columns {
	bool table;
	bool dump;        /* the part is one of SQL (dump.h) */
	bool copying;     /* rows of COPY stand where the text was read to */
	bool tuples;      /* those of INSERT do (tuple.h) */
	uint32_t command; /* which INSERT, by its names */
	bool wanted; /* some of it makes ids of what is none without a word */
	uint8_t delimiter; /* 0: one column */
	uint16_t word[COLUMNS_WORDS], word_column[COLUMNS_WORDS];
	size_t word_count;
	struct column_type likes[COLUMNS_LIKES];
	size_t like_count;
	bool full;                    /* any of them is */
	bool chances;                 /* any bit of chance */
	uint64_t chance[COLUMNS_MAX]; /* a bit a length in characters */
	struct column_cell cells[COLUMNS_CELLS];
	size_t cell_count;
	/* where in the text the last question was, to go on from there */
	bool known; /* the line of `at` begins within reach */
	bool quoted;
	bool escaped;   /* these three within a tuple alone */
	uint8_t quote;  /* 0: in none */
	unsigned depth; /* of brackets */
	uint16_t column;
	size_t at, line;
};

/* detect_table() */
void columns_read(struct detect_scratch *s, struct span first);

/* Before another text. */
void columns_begin(struct columns *c);

/* Of the value at text[at]; COLUMN_NONE when its line begins too far away. */
uint16_t columns_of(struct detect_scratch *s, size_t at);

/* For each of n types the first of its kind, in kin. */
void columns_kin(struct data_type *const *types, size_t n, uint16_t *kin);
/* One kind of value: cards are, whatever their brand. */
bool columns_alike(const struct detect_scratch *s, uint16_t a, uint16_t b);

/* Tells values apart, and heads from values. */
uint32_t columns_hash(struct span v);

/* Adds the words of its column's head. */
void columns_words(struct detect_scratch *s, size_t start, struct nearby *n);

/* Its column speaks for the types that it is full of, as words near it do. */
void columns_likes(struct detect_scratch *s, size_t start, size_t end);

/* Points of what else its column holds, for `chars` letters and digits. */
void columns_weigh(struct detect_scratch *s, size_t start, size_t end,
		   size_t chars, uint16_t type, struct verdict *v);

/* The rows of the sample into likes and chance (sample.c). */
struct table;
void columns_sample(struct detect_scratch *s, const struct table *t);
/* What work_claim() does while a sample is taken. */
void sample_claim(struct detect_scratch *s, size_t start, size_t end,
		  uint16_t type);

#endif
