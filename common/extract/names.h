#ifndef EXTRACT_NAMES_H
#define EXTRACT_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "extract/charset.h"

struct extractor;

/*
 * names: of members whose archive does not say in which page they are, for
 * places that people can read. What is no UTF-8 is decoded by the page that
 * fits all names of the archive seen so far best (charset.h); names of DOS are
 * in a page of DOS while there is little to tell it by.
 */
#define NAMES_SEEN 512 /* bytes that decide */

struct names_seen {
	uint8_t seen[NAMES_SEEN];
	size_t len;
	bool dos;
	const struct charset *page; /* NULL: undecided, or they stay bytes */
};

void names_begin(struct names_seen *n);

/* One that is not UTF-8 counts for those that come. */
void names_learn(struct names_seen *n, struct span name);

/*
 * As UTF-8, cut to `room` at a character; `name` itself when it is UTF-8
 * already, or nobody knows its page.
 */
struct span names_text(struct extractor *x, struct names_seen *n,
		       struct span name, uint8_t *to, size_t room);

#endif
