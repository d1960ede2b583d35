#ifndef EXTRACT_MADE_H
#define EXTRACT_MADE_H

#include <stddef.h>
#include <stdint.h>

#include "extract/job.h"

/*
 * made: text that a parser makes of what it reads (cells, paragraphs, pages),
 * with a place for each stretch of it. It goes out in windows as text of files
 * does; words for a place are made only for a finding.
 *
 *	st = made_begin(x, &m, say_cell, &sheet);
 *	made_head(m, span_str("name\tcard"));	 when rows have columns
 *	made_mark(m, row, column);		 what follows stands there
 *	made_text(m, cell);
 *	made_byte(m, '\t');			 between cells, '\n' behind rows
 *	...
 *	st = made_end(m);
 *
 * Text is UTF-8. Rows are lines, their cells parted by one delimiter, so that
 * words beside a value and the head of its column speak for it. A stretch that
 * a reader would see as one (runs of a paragraph) is added without anything
 * between its pieces.
 *
 * One text at a time for each level of depth. Between two calls members may go
 * down by job_member(). Failures are kept: made_end() gives the first, and
 * nothing is done after it. It ends by itself when the budget does.
 */
#define MADE_ORIGIN                                                            \
	(UINT64_C(1) << 48) /* origins of an object's made texts               \
			     */

struct made_mark {
	uint64_t at;   /* origin of the first byte it speaks for */
	uint32_t a, b; /* what the parser said: row and column, page ... */
};

/* Words for a mark into dst; their length, at most room. */
typedef size_t made_say(const void *arg, const struct made_mark *m, char *dst,
			size_t room);

/* say may be NULL: the place at hand says it all. arg lives until the end. */
NODISCARD enum status made_begin(struct extractor *x, struct made **out,
				 made_say *say, const void *arg);
/* What a mark's place can hold, by its type; without it nobody knows. */
typedef enum holds made_type(const void *arg, const struct made_mark *m);
void made_typed(struct made *m, made_type *type);
/*
 * Names of columns with the delimiter of the rows, before the first row and
 * only when they are not the first row themselves.
 */
#define MADE_FIRST                                                             \
	16384 /* bytes of heads and first rows that speak for all              \
	       */
void made_head(struct made *m, struct span line);
void made_mark(struct made *m, uint32_t a, uint32_t b);
void made_text(struct made *m, struct span s);
/* Both at once. */
void made_stretch(struct made *m, uint32_t a, uint32_t b, struct span s);
void made_byte(struct made *m, uint8_t c);
void made_char(struct made *m, uint32_t c); /* a code point */
NODISCARD enum status made_end(struct made *m);

/* The column of a spreadsheet, 0: "A", 26: "AA"; gives its length. */
#define MADE_COLUMN_MAX 8
size_t made_column(uint32_t column, char dst[MADE_COLUMN_MAX]);

void made_free(struct made *m); /* takes NULL */

#endif
