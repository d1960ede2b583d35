#ifndef EXTRACT_RUNS_H
#define EXTRACT_RUNS_H

#include "extract/view.h"

/*
 * runs: text of two or four bytes a character (UTF-16, UTF-32, wchar_t) that
 * lies within other bytes: programs, core dumps, disks, wherever it begins.
 *
 * A run begins where VIEW_RUN characters of ASCII stand in a row, most of them
 * letters or digits, with what belongs to it before them, and goes on as long
 * as there are characters of text. Low byte first, unless only the other order
 * has a whole last character, or a whole number of zeros behind it. Runs that
 * lie near each other are one view, a line each.
 */
struct runs {
	struct view view;
	uint64_t at;    /* offset of the text, what is before was read */
	uint64_t ended; /* offset where the last run ended */
	unsigned unit;  /* bytes a character of the run at hand; 0: none */
	bool big;       /* the high byte first */
};

/* One may begin that reaches into the block [at, end). */
bool runs_begins(struct span text, size_t at, size_t end);

void runs_begin(struct runs *r); /* another text */
/* A block, in order, in which a run may be. */
void runs_block(struct runs *r, struct extractor *x, const struct view_text *t,
		size_t at, size_t end);
/* No further block before text[to]. */
void runs_rest(struct runs *r, const struct view_text *t);
void runs_end(struct runs *r);

#endif
