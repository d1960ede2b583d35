#ifndef EXTRACT_UTF16_H
#define EXTRACT_UTF16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * utf16: text of two bytes a character as UTF-8, and the plain text that other
 * programs appended to it or put in between.
 *
 * A stretch of plain text begins at a character whose two bytes are ASCII, when
 * so are UTF16_PLAIN bytes in a row, and enough of them make no sense as
 * ideographs. It goes on over UTF-8 and single other bytes, and ends where wide
 * characters begin, at whichever byte. ASCII that begins between two characters
 * moves these.
 * What is decoded does not depend on where the bytes are cut; the work is
 * linear in them.
 */
#define UTF16_PLAIN 10

struct utf16 {
	bool big;      /* the high byte first */
	bool plain;    /* within a stretch of plain text */
	bool mixed;    /* one was met: characters differ in their widths */
	bool line;     /* ASCII may follow */
	uint32_t last; /* the character before */
	size_t looked; /* of the bytes to come, so many begin no stretch */
};

/* Where it goes: EXTRACT_WINDOW bytes of each. */
struct utf16_text {
	uint8_t *text;
	uint8_t *widths; /* of each character where it begins, once `mixed` */
	size_t have;
};

/*
 * Decode the beginning of `raw` behind t->have; returns the bytes used. What is
 * left waits for more bytes or room; `dry`: no more bytes will come.
 */
size_t utf16_decode(struct utf16 *u, struct utf16_text *t, struct span raw,
		    bool dry);

#endif
