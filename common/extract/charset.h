#ifndef EXTRACT_CHARSET_H
#define EXTRACT_CHARSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * charset: text of one byte a character that is not UTF-8: EBCDIC, whose
 * digits are not those of ASCII, and the code pages of Windows, ISO 8859 and
 * their kin, whose digits are. Those are decoded for their letters: a word near
 * a number is a word only in one encoding. Guessed from the beginning of a
 * part; a wrong guess among code pages is wrong in letters, never in digits.
 *
 * EBCDIC:     of 16 bytes and more nine in ten are its letters, digits, blanks,
 *             line ends and common punctuation, a third letters or digits, and
 *             next to none is a blank or line end of ASCII. 500 if [ and ]
 *             stand where only it has them, 1047 likewise, else 037.
 * Code pages: bytes from 80 on that are no UTF-8, and no control character.
 *             Those beside a digit are no letters. Which one: whose commonest
 *             letters cover the most of the others, among those of a script of
 *             its own when less than a quarter of the high bytes stands beside
 *             a letter of ASCII, else among the Latin ones; Windows-1252 when
 *             none covers half.
 */
struct charset {
	const char *name;
	const uint16_t *chars; /* all 256 for EBCDIC, else those from 80 on */
	bool own_script;       /* words are wholly of high bytes */
	const char *often;
};

extern const struct charset charsets[]; /* the first when in doubt */
extern const size_t charset_count;
extern const struct charset charset_ebcdic[]; /* 037, 500, 1047 */

/* NULL: UTF-8, binary, or too little to tell: as it stands. */
const struct charset *charset_guess(struct span head);

/* The character of a byte; U+FFFD where the page has none. */
uint16_t charset_char(const struct charset *c, uint8_t byte);

#endif
