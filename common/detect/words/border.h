#ifndef DETECT_WORDS_BORDER_H
#define DETECT_WORDS_BORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * border: where a word ends and another begins though both are letters, of
 * letters beyond ASCII: "My Numberは", "n°Siret", "иннФизлица".
 */

/*
 * ASCII ends or begins at i > 0 beside a character of a script without spaces,
 * or a sign does: "n°", "№". Whatever the letters, they are words by
 * themselves.
 */
bool border_apart(struct span text, size_t i);

/* As well where a hump is that has a letter beyond ASCII. */
bool border_meet(struct span text, size_t i);

static inline bool
border_at(struct span text, size_t i)
{
	uint8_t c = text.ptr[i], last = text.ptr[i - 1];

	if ((c | last) < 0x80)
		return false;
	/* of bytes beyond ASCII these begin what a border is before, and one
	 * ends what it is behind: capitals of Greek and Cyrillic, the sign */
	if ((c & last) >= 0x80 && c != 0xce && c != 0xd0 && c != 0xe2 &&
	    last != 0x96)
		return false;
	return border_meet(text, i);
}

/* Of 64 bytes at from, ASCII or beyond: where border_at() is true. */
uint64_t border_masks(struct span text, size_t from, uint64_t ascii,
		      uint64_t high);

#endif
