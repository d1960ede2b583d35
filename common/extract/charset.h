#ifndef EXTRACT_CHARSET_H
#define EXTRACT_CHARSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * charset: text that is neither UTF-8 nor wide, and does not say what it is:
 * EBCDIC, whose digits are not those of ASCII, and pages of one and of two
 * bytes a character, whose digits are. Those are decoded for their letters: a
 * word near a number is a word only in one encoding. A wrong guess is wrong in
 * letters, never in digits: no page has them within other characters.
 *
 * EBCDIC:  of 16 bytes and more nine in ten are its letters, digits, blanks,
 *          line ends and common punctuation, a third letters or digits, and
 *          next to none is a blank or line end of ASCII. 500 if [ and ]
 *          stand where only it has them, 1047 likewise, else 037.
 * UTF-8:   more than two bytes of its characters for each that is none.
 * Pages:   few control characters and no zero. Which one: in which page and
 *          language the bytes from 80 on are the least surprising, by how often
 *          each letter is (charset_page.c, made by charset_make.py), and by
 * what stands beside it: no sign within a word, no capital behind a small
 *          letter, no two scripts in one word.
 * Label:   what HTML or XML says of itself counts as much as some letters do.
 */
enum charset_pair {
	PAIR_NONE,
	PAIR_SJIS,
	PAIR_EUC_JP,
	PAIR_GBK,
	PAIR_BIG5,
	PAIR_EUC_KR,
	PAIR_JIS, /* ISO-2022-JP */
	PAIR__COUNT,
};

struct charset_letter {
	uint16_t code; /* character; of a page of pairs the two bytes */
	uint8_t bits;  /* how surprising, in quarters of a bit */
};

struct charset_language {
	const struct charset_letter *letters; /* ascending */
	size_t n;
};

struct charset {
	const char *name;
	const char *also;      /* other labels, letters and digits alone */
	const uint16_t *chars; /* all 256 for EBCDIC, else those from 80 on */
	/* of these: l small, u capital, o other letter, p mark, s sign, x none
	 */
	const char *kinds;
	const struct charset_language *langs; /* ends with none */
	uint8_t prior;   /* by so many quarters of a bit it must be better */
	bool own_script; /* words are wholly of high bytes */
	enum charset_pair pair;
	struct charset_language often; /* of pairs */
};

extern const struct charset charsets[]; /* the first when in doubt */
extern const size_t charset_count;
extern const struct charset charset_pairs[]; /* of two bytes a character */
#define CHARSET_PAIRS 5
extern const struct charset charset_ebcdic[]; /* 037, 500, 1047 */
#define CHARSET_EBCDIC 3
extern const struct charset charset_jis;

/* NULL: UTF-8, binary, or too little to tell: as it stands. */
const struct charset *charset_guess(struct span head);

/* Of names of files, which are short; `dos` ones are more likely in a page of
 * DOS. NULL: they are UTF-8 but for a few bytes, or no text. */
const struct charset *charset_names(struct span names, bool dos);

/* What a document of markup says of itself, if that is one of ours. */
const struct charset *charset_label(struct span head);

/* The best page for text that is known to be none of UTF-8. */
const struct charset *charset_best(struct span text,
				   const struct charset *said);

/* Bytes below 80 are ASCII. */
static inline bool
charset_has_ascii(const struct charset *c)
{
	return c < charset_ebcdic || c >= charset_ebcdic + CHARSET_EBCDIC;
}

/* The character of a byte; U+FFFD where the page has none. */
uint16_t charset_char(const struct charset *c, uint8_t byte);

#endif
