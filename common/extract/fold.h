#ifndef EXTRACT_FOLD_H
#define EXTRACT_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * fold: characters that people read as ASCII become ASCII, so that the
 * detector sees one form of a number. Pure; text is UTF-8 or has single bytes
 * of a Latin code page among ASCII.
 *
 * Always:  digits of other scripts (full-width, Arabic-Indic and its extended
 *          form, those of India, Thai, Lao, Tibetan, Myanmar and Khmer),
 *          full-width letters, spaces that are not U+0020, quotation marks and
 *          the ellipsis; U+FEFF, with which a text may begin.
 * Between two letters or digits, one of them a digit: dashes that are not
 *          U+002D, and the bytes A0, 96 and 97 of Windows code pages.
 * Beside a letter or digit: full-width punctuation, as behind a title.
 * Likewise left out: what has no width (U+200B-U+200F, U+2060, U+FEFF).
 *
 * Folding looks at the character before and the one behind, no further, and
 * makes text shorter, never longer.
 */
struct fold_char {
	uint8_t used;   /* bytes of the character, at least 1 */
	uint8_t len;    /* what is left: 0, 1, or `used` when it stays */
	uint8_t folded; /* the one byte; 0 when it stays or is left out */
};

/* The character at text[at], at < text.len. */
struct fold_char fold_next(struct span text, size_t at);

/* The same; ASCII, which never changes, at once. */
static inline struct fold_char
fold_step(struct span text, size_t at)
{
	if (text.ptr[at] < 0x80)
		return (struct fold_char){1, 1, 0};
	return fold_next(text, at);
}

/* The first place in [at, end) where something is folded, else end. */
size_t fold_find(struct span text, size_t at, size_t end);

/*
 * Folds into dst (text.len bytes). stops[0..n), ascending offsets of text,
 * become the offsets of the same characters (the next, inside of one).
 */
size_t fold_text(struct span text, uint8_t *dst, size_t *stops, size_t n);

#endif
