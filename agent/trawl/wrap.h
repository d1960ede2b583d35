#ifndef AGENT_TRAWL_WRAP_H
#define AGENT_TRAWL_WRAP_H

/*
 * wrap: words on lines that are no wider than a terminal.
 *
 * Owner:   whoever set the struct; nothing is held.
 * Threads: one.
 * Limits:  a word that is wider than a line stands on one of its own.
 */
#include <stddef.h>
#include <stdio.h>

#include "base/span.h"

struct wrap {
	FILE *to;
	size_t width;  /* columns of a line; 0: lines never end */
	size_t indent; /* of lines behind the first */
	size_t column; /* where the next word goes */
};

/* Columns of the terminal behind standard output; 0 when it is none. */
size_t wrap_width(void);
/* The words of text, each but the first of a line behind a space. */
void wrap_text(struct wrap *w, struct span text);

#endif
